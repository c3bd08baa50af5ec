# Nothing here is applied.
terraform {
  backend "s3" {
    bucket         = "state"
    key            = "shop.tfstate"
    dynamodb_table = "locks"
  }
}

resource "aws_s3_bucket" "invoices" {
  bucket        = "invoices-${var.stage}"
  force_destroy = false
  tags          = { team = "shop" }
}

resource "aws_s3_bucket_versioning" "invoices" {
  bucket = aws_s3_bucket.invoices.id
  versioning_configuration {
    status     = "Enabled"
    mfa_delete = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "invoices" {
  bucket = aws_s3_bucket.invoices.id
  rule {
    id     = "old"
    status = "Enabled"
    expiration { days = 30 }
  }
}

resource "aws_s3_bucket_ownership_controls" "invoices" {
  bucket = aws_s3_bucket.invoices.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  description   = <<-EOT
    resource "aws_s3_bucket_policy" "not_one" {}
  EOT
}

data "aws_s3_object" "logo" {
  bucket = "assets"
  key    = "logo.png"
}
