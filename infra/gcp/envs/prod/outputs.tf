output "bucket_name" {
  description = "The bucket."
  value       = module.storage.bucket_name
}

output "cluster_name" {
  description = "For `gcloud container clusters get-credentials`."
  value       = module.k8s.cluster_name
}

output "oidc_issuer" {
  description = "For `clusters` of infra/aws/envs/prod: { gke = this }."
  value       = module.k8s.oidc_issuer
}
