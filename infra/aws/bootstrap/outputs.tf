output "state_bucket" {
  description = "`bucket` of envs/state.config, and the variable INFRA_STATE_BUCKET of the repository at GitHub."
  value       = module.state.bucket_name
}

output "region" {
  description = "`region` of envs/state.config, and INFRA_REGION."
  value       = var.region
}

output "roles" {
  description = "plan-NAME is INFRA_PLAN_ROLE_NAME, apply-NAME is INFRA_APPLY_ROLE_NAME."
  value       = { for name, role in aws_iam_role.github : name => role.arn }
}
