output "cluster_name" {
  description = "For `aws eks update-kubeconfig --name`."
  value       = aws_eks_cluster.main.name
}

output "cluster_arn" {
  description = "The cluster."
  value       = aws_eks_cluster.main.arn
}

output "oidc_provider_arn" {
  description = "For IRSA; null without it."
  value       = one(aws_iam_openid_connect_provider.cluster[*].arn)
}

output "oidc_issuer" {
  description = "Its issuer without https://, as a trust names it."
  value       = replace(aws_eks_cluster.main.identity[0].oidc[0].issuer, "https://", "")
}
