output "bucket_name" {
  description = "For `default_bucket` of footbridge.toml."
  value       = module.environment.bucket_name
}

output "table_name" {
  description = "For `default_table` of footbridge.toml."
  value       = module.environment.table_name
}

output "role_arns" {
  description = "The roles: `role_arn` of a profile in ~/.aws/config, or the annotation of a service account."
  value       = module.environment.role_arns
}

output "cluster_name" {
  description = "For `aws eks update-kubeconfig --name`; null without a cluster."
  value       = module.environment.cluster_name
}
