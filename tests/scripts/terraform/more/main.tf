# What is rarer: one of each further form, and many at a time.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {}

variable "stage" {
  type    = number
  default = 1
}

variable "many" {
  type    = number
  default = 20
}

locals {
  first = var.stage == 1
}

# From on demand to provisioned, from one stream to another, and an index less.
resource "aws_dynamodb_table" "turned" {
  name           = "turned"
  billing_mode   = local.first ? "PAY_PER_REQUEST" : "PROVISIONED"
  read_capacity  = local.first ? null : 4
  write_capacity = local.first ? null : 5
  hash_key       = "id"

  dynamic "attribute" {
    for_each = local.first ? ["id", "a", "b"] : ["id", "a"]
    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = local.first ? ["a", "b"] : ["a"]
    content {
      name            = "by_${global_secondary_index.value}"
      hash_key        = global_secondary_index.value
      projection_type = "KEYS_ONLY"
      read_capacity   = local.first ? null : 2
      write_capacity  = local.first ? null : 3
    }
  }

  stream_enabled   = true
  stream_view_type = local.first ? "KEYS_ONLY" : "NEW_IMAGE"
}

resource "aws_dynamodb_table" "rare" {
  name         = "rare"
  billing_mode = "PAY_PER_REQUEST"
  table_class  = local.first ? "STANDARD_INFREQUENT_ACCESS" : "STANDARD"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "N"
  }

  on_demand_throughput {
    max_read_request_units  = 10
    max_write_request_units = local.first ? 20 : 30
  }

  lifecycle {
    ignore_changes = [tags]
  }
}

resource "aws_dynamodb_tag" "rare" {
  resource_arn = aws_dynamodb_table.rare.arn
  key          = "by itself"
  value        = local.first ? "one" : "two"
}

# A key that changes makes another table.
resource "aws_dynamodb_table" "replaced" {
  name         = "replaced"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = local.first ? "old" : "new"

  attribute {
    name = local.first ? "old" : "new"
    type = "S"
  }
}

resource "aws_dynamodb_table" "guarded" {
  name                        = "guarded"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = local.first

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "many" {
  count        = var.many
  name         = "many-${count.index}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table_item" "many" {
  count      = var.many
  table_name = aws_dynamodb_table.many[count.index].name
  hash_key   = "id"
  item       = jsonencode({ id = { S = "item ${count.index}" }, stage = { N = tostring(var.stage) } })
}

resource "aws_s3_bucket" "named" {
  bucket_prefix = "begins-so-"
}

# Versions of two stages are in it when it is destroyed.
resource "aws_s3_bucket" "large" {
  bucket        = "large-files"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "large" {
  bucket = aws_s3_bucket.large.id
  versioning_configuration {
    status = "Enabled"
  }
}

# In parts.
resource "aws_s3_object" "large" {
  bucket      = aws_s3_bucket_versioning.large.bucket
  key         = "large.bin"
  source      = "${path.module}/large-${var.stage}.bin"
  source_hash = filemd5("${path.module}/large-${var.stage}.bin")
}

resource "aws_s3_bucket" "many" {
  count  = var.many
  bucket = "many-buckets-${count.index}"
}

resource "aws_s3_object" "many" {
  count   = var.many
  bucket  = aws_s3_bucket.many[count.index].bucket
  key     = "stage/${var.stage}.txt"
  content = "object ${count.index}"
}
