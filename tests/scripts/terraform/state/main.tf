# State that lives in a bucket. What it keeps needs no provider.

terraform {
  backend "s3" {}
}

variable "value" {
  default = "one"
}

resource "terraform_data" "kept" {
  input = var.value
}

output "kept" {
  value = terraform_data.kept.output
}
