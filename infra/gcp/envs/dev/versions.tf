terraform {
  required_version = ">= 1.11"

  # GCS locks by itself: terraform init -backend-config=../state.config
  backend "gcs" {
    prefix = "envs/dev"
  }

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.0, < 8.0"
    }
  }
}
