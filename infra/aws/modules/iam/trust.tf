# Who may assume the role. Each kind is a statement of its own, and is there only where it is set.

locals {
  github_issuer = "token.actions.githubusercontent.com"

  people = [
    for people in var.people[*] : merge({
      Sid       = "People"
      Effect    = "Allow"
      Action    = ["sts:AssumeRole"]
      Principal = { AWS = people.principal_arns }
      }, people.require_mfa ? {
      Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
    } : {})
  ]

  pod = [
    for pod in var.pod_identity[*] : {
      Sid       = "PodIdentity"
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "pods.eks.amazonaws.com" }
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-arn"            = pod.cluster_arn
          "aws:RequestTag/kubernetes-namespace"       = pod.namespace
          "aws:RequestTag/kubernetes-service-account" = pod.service_account
        }
      }
    }
  ]

  web = [
    for name, web in var.web_identities : {
      Sid       = "Web${join("", [for word in regexall("[A-Za-z0-9]+", name) : title(word)])}"
      Effect    = "Allow"
      Action    = ["sts:AssumeRoleWithWebIdentity"]
      Principal = { Federated = web.provider }
      Condition = {
        StringEquals = {
          "${web.issuer}:${web.audience_claim}" = web.audience
          "${web.issuer}:sub"                   = web.subjects
        }
      }
    }
  ]

  github = [
    for github in var.github[*] : {
      Sid       = "GitHub"
      Effect    = "Allow"
      Action    = ["sts:AssumeRoleWithWebIdentity"]
      Principal = { Federated = github.provider_arn }
      Condition = {
        StringEquals = {
          "${local.github_issuer}:aud" = "sts.amazonaws.com"
          "${local.github_issuer}:sub" = "repo:${github.repository}:environment:${github.environment}"
        }
      }
    }
  ]

  trust = {
    Version   = "2012-10-17"
    Statement = concat(local.people, local.pod, local.web, local.github)
  }
}
