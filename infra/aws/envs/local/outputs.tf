output "bucket_name" {
  description = "The bucket."
  value       = module.storage.bucket_name
}

output "table_name" {
  description = "The table."
  value       = module.storage.table_name
}
