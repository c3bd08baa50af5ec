output "bucket_name" {
  description = "The bucket."
  value       = module.storage.bucket_name
}

output "table_name" {
  description = "The table."
  value       = module.storage.table_name
}

output "role_arns" {
  description = "The roles by the names that they were given."
  value       = { for name, role in module.iam : name => role.role_arn }
}

output "cluster_name" {
  description = "The cluster; null without one."
  value       = one(module.k8s[*].cluster_name)
}

output "trusts" {
  description = "Who may assume which role, JSON."
  value       = { for name, role in module.iam : name => role.trust }
}
