# The environment with data that is to stay: under a KMS key, recoverable, protected.

provider "aws" {
  region = var.region

  default_tags {
    tags = { managed-by = "terraform", environment = "prod" }
  }
}

module "environment" {
  source            = "../../modules/environment"
  name              = "prod"
  keep              = true
  encryption        = "kms"
  bucket_name       = var.bucket_name
  table_name        = var.table_name
  hash_key          = var.hash_key
  range_key         = var.range_key
  access_log_bucket = var.access_log_bucket
  roles             = var.roles
  clusters          = var.clusters
  network           = var.network
  k8s               = var.k8s
}
