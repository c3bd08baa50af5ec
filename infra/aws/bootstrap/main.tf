# What has to be there before anything else: the bucket for the states of the environments, and the roles with which GitHub plans and
# applies them. It is applied once by a person, and its own state moves into the bucket then (README.md of infra/).

provider "aws" {
  region = var.region

  default_tags {
    tags = { managed-by = "terraform", root = "bootstrap" }
  }
}

module "state" {
  source             = "../modules/storage"
  bucket_name        = var.state_bucket
  encryption         = "kms"
  keep_versions_days = 365
}
