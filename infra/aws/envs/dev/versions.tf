terraform {
  required_version = ">= 1.11"

  # The bucket and its region are those of bootstrap: terraform init -backend-config=../state.config
  # Without `encrypt`, which would ask for S3's own key, a state is under the bucket's KMS key.
  backend "s3" {
    key          = "envs/dev/terraform.tfstate"
    use_lockfile = true
  }

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}
