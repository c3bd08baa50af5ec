# For tflocal, which puts the endpoints in.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }

  backend "s3" {
    bucket         = "local-state"
    key            = "local.tfstate"
    region         = "us-east-1"
    dynamodb_table = "local-locks"
    # tflocal sets it for the provider alone.
    use_path_style = true
  }
}

provider "aws" {
  region = "us-east-1"
}

resource "aws_s3_bucket" "files" {
  bucket = "local-files"
}

resource "aws_s3_object" "one" {
  bucket  = aws_s3_bucket.files.bucket
  key     = "a.txt"
  content = "hello"
}

resource "aws_dynamodb_table" "table" {
  name         = "local-table"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table_item" "one" {
  table_name = aws_dynamodb_table.table.name
  hash_key   = aws_dynamodb_table.table.hash_key
  item       = jsonencode({ id = { S = "1" } })
}
