# The module `storage` alone, made on a footbridge that is running: no account, no costs, gone when you are.

provider "aws" {
  region     = var.region
  access_key = "test"
  secret_key = "test"

  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  # All that is called goes there, also what footbridge has not built: nothing of it reaches AWS.
  endpoints {
    dynamodb = var.endpoint
    iam      = var.endpoint
    kms      = var.endpoint
    s3       = var.endpoint
    sts      = var.endpoint
  }
}

module "storage" {
  source      = "../../modules/storage"
  bucket_name = var.bucket_name
  table_name  = var.table_name
  range_key   = { name = "sk" }

  # footbridge answers 501 to each of these when it is switched on; to the last when it is switched off or destroyed.
  encryption             = var.kms ? "kms" : "s3"
  tls_only               = var.bucket_policy
  lifecycle_rules        = var.lifecycle_rules
  point_in_time_recovery = var.point_in_time_recovery
  ownership_controls     = var.ownership_controls

  # These two it has. What is local may go.
  deletion_protection = var.deletion_protection
  force_destroy       = true
}
