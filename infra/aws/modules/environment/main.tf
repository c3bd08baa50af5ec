# All that an environment is made of: its data, the roles that reach it and, where they are asked for, a network and a cluster.

data "aws_partition" "here" {}

data "aws_caller_identity" "here" {}

locals {
  oidc = "arn:${data.aws_partition.here.partition}:iam::${data.aws_caller_identity.here.account_id}:oidc-provider"

  # Where a workload's tokens come from: this environment's own cluster, or one of `clusters`.
  issuers = merge(
    { for name, url in var.clusters : name => { provider = aws_iam_openid_connect_provider.cluster[name].arn, issuer = trimprefix(url, "https://") } },
    var.k8s == null ? {} : { eks = { provider = module.k8s[0].oidc_provider_arn, issuer = module.k8s[0].oidc_issuer } },
  )
}

module "storage" {
  source                 = "../storage"
  bucket_name            = var.bucket_name
  table_name             = var.table_name
  hash_key               = var.hash_key
  range_key              = var.range_key
  ttl_attribute          = var.ttl_attribute
  encryption             = var.encryption
  access_log_bucket      = var.access_log_bucket
  point_in_time_recovery = var.keep
  deletion_protection    = var.keep
  force_destroy          = !var.keep
}

module "iam" {
  for_each       = var.roles
  source         = "../iam"
  name           = "${each.key}-${var.name}"
  mode           = each.value.mode
  administration = each.value.administration
  bucket_arns    = [module.storage.bucket_arn]
  table_arns     = [module.storage.table_arn]
  kms_key_arns   = var.encryption == "kms" ? [module.storage.kms_key_arn] : []
  people         = each.value.people

  web_identities = {
    for workload in each.value.workload[*] : "workload" => {
      provider = local.issuers[workload.cluster].provider
      issuer   = local.issuers[workload.cluster].issuer
      subjects = ["system:serviceaccount:${coalesce(workload.namespace, "footbridge-${var.name}")}:${coalesce(workload.service_account, each.key)}"]
    }
  }

  github = each.value.github == null ? null : {
    provider_arn = "${local.oidc}/token.actions.githubusercontent.com"
    repository   = each.value.github.repository
    environment  = each.value.github.environment
  }
}

resource "aws_iam_openid_connect_provider" "cluster" {
  for_each       = var.clusters
  url            = each.value
  client_id_list = ["sts.amazonaws.com"]
}

module "network" {
  count               = var.network == null ? 0 : 1
  source              = "../network"
  name                = "footbridge-${var.name}"
  cidr                = var.network.cidr
  availability_zones  = var.network.availability_zones
  interface_endpoints = var.k8s == null ? [] : ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "logs", "sts"]
}

module "k8s" {
  count               = var.k8s == null ? 0 : 1
  source              = "../k8s"
  name                = "footbridge-${var.name}"
  kubernetes_version  = var.k8s.version
  subnet_ids          = module.network[0].subnet_ids
  administrators      = var.k8s.administrators
  public_access_cidrs = var.k8s.public_access_cidrs
  instance_types      = var.k8s.instance_types
  ami_type            = var.k8s.ami_type
  nodes               = var.k8s.nodes
  irsa                = true
}
