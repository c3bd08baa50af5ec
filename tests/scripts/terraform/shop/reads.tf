# What was there before Terraform was: taken over, not made.

import {
  to = aws_s3_bucket.before
  id = "there-before"
}

resource "aws_s3_bucket" "before" {
  bucket = "there-before"
  tags   = { made = "by hand" }
}

import {
  to = aws_dynamodb_table.before
  id = "there-before"
}

resource "aws_dynamodb_table" "before" {
  name         = "there-before"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  tags = { made = "by hand" }
}

data "aws_caller_identity" "me" {}

data "aws_canonical_user_id" "me" {}

data "aws_s3_bucket" "media" {
  bucket = aws_s3_bucket.media.bucket
}

data "aws_s3_object" "page" {
  bucket = aws_s3_object.page.bucket
  key    = aws_s3_object.page.key
}

data "aws_s3_objects" "media" {
  bucket     = aws_s3_bucket.media.bucket
  depends_on = [aws_s3_object.page, aws_s3_object.file, aws_s3_object_copy.copy]
}

data "aws_dynamodb_table" "orders" {
  name = aws_dynamodb_table.orders.name
}

data "aws_dynamodb_table_item" "order" {
  table_name = aws_dynamodb_table.orders.name
  key        = jsonencode({ customer = { S = "ana" }, number = { N = "17" } })
  depends_on = [aws_dynamodb_table_item.order]
}

output "account" {
  value = data.aws_caller_identity.me.account_id
}

output "owner" {
  value = data.aws_canonical_user_id.me.id
}

output "region" {
  value = data.aws_s3_bucket.media.region
}

output "page" {
  value = data.aws_s3_object.page.body
}

output "keys" {
  value = data.aws_s3_objects.media.keys
}

output "stream" {
  value = data.aws_dynamodb_table.orders.stream_arn
}

output "key_of_accounts" {
  value = one(aws_dynamodb_table.accounts.server_side_encryption).kms_key_arn
}

output "order" {
  value = jsondecode(data.aws_dynamodb_table_item.order.item)
}
