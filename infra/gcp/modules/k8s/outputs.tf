output "cluster_name" {
  description = "For `gcloud container clusters get-credentials`."
  value       = google_container_cluster.main.name
}

output "oidc_issuer" {
  description = "Who signs the tokens of its service accounts: a URL that AWS reads without credentials."
  value       = "https://container.googleapis.com/v1/${google_container_cluster.main.id}"
}
