output "bucket_name" {
  description = "The bucket."
  value       = google_storage_bucket.data.name
}
