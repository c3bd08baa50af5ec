# A shop with a table and a bucket of each kind. The endpoint, the keys and the region come from the environment.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {}

# 1 is how all is made, 2 what is changed.
variable "stage" {
  type    = number
  default = 1
}

locals {
  first = var.stage == 1
}
