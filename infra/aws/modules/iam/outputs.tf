output "role_arn" {
  description = "The role to assume: `role_arn` of a profile, or `eks.amazonaws.com/role-arn`."
  value       = aws_iam_role.tools.arn
}

output "role_name" {
  description = "Its name."
  value       = aws_iam_role.tools.name
}

output "policy" {
  description = "The policy, JSON."
  value       = jsonencode(local.policy)
}

output "trust" {
  description = "Who may assume the role, JSON."
  value       = jsonencode(local.trust)
}
