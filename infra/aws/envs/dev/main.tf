# An environment to try things in: it may go, and its data with it.

provider "aws" {
  region = var.region

  default_tags {
    tags = { managed-by = "terraform", environment = "dev" }
  }
}

module "environment" {
  source      = "../../modules/environment"
  name        = "dev"
  keep        = false
  encryption  = "s3"
  bucket_name = var.bucket_name
  table_name  = var.table_name
  hash_key    = var.hash_key
  range_key   = var.range_key
  roles       = var.roles
  clusters    = var.clusters
  network     = var.network
  k8s         = var.k8s
}
