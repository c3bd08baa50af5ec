output "network_id" {
  description = "The network."
  value       = google_compute_network.main.id
}

output "subnetwork_id" {
  description = "Its subnet, with the secondary ranges `pods` and `services`."
  value       = google_compute_subnetwork.main.id
}
