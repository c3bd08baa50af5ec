# What every bucket has, though nobody set it: taken over as it is.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {}

locals {
  bucket = "there-before"
}

import {
  to = aws_s3_bucket.before
  id = local.bucket
}

resource "aws_s3_bucket" "before" {
  bucket = local.bucket
  tags   = { made = "by hand" }
}

import {
  to = aws_s3_bucket_public_access_block.before
  id = local.bucket
}

resource "aws_s3_bucket_public_access_block" "before" {
  bucket                  = local.bucket
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}

import {
  to = aws_s3_bucket_ownership_controls.before
  id = local.bucket
}

resource "aws_s3_bucket_ownership_controls" "before" {
  bucket = local.bucket
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

import {
  to = aws_s3_bucket_acl.before
  id = "${local.bucket},private"
}

resource "aws_s3_bucket_acl" "before" {
  bucket = local.bucket
  acl    = "private"
}

import {
  to = aws_s3_bucket_request_payment_configuration.before
  id = local.bucket
}

resource "aws_s3_bucket_request_payment_configuration" "before" {
  bucket = local.bucket
  payer  = "BucketOwner"
}

import {
  to = aws_s3_bucket_server_side_encryption_configuration.before
  id = local.bucket
}

resource "aws_s3_bucket_server_side_encryption_configuration" "before" {
  bucket = local.bucket
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# Nobody is told of anything: the provider takes that for one that is there.
import {
  to = aws_s3_bucket_notification.before
  id = local.bucket
}

resource "aws_s3_bucket_notification" "before" {
  bucket = local.bucket
}

data "aws_canonical_user_id" "me" {}

# Who has which right to it.
output "grants" {
  value = [for grant in aws_s3_bucket.before.grant : [grant.id == data.aws_canonical_user_id.me.id, grant.type, grant.permissions]]
}

output "bucket" {
  value = {
    payer = aws_s3_bucket.before.request_payer
    # Empty until it is set.
    acceleration = aws_s3_bucket.before.acceleration_status
    policy       = aws_s3_bucket.before.policy
    versioning   = aws_s3_bucket.before.versioning[0].enabled
    lock         = aws_s3_bucket.before.object_lock_enabled
    rest = flatten([
      aws_s3_bucket.before.cors_rule, aws_s3_bucket.before.lifecycle_rule, aws_s3_bucket.before.logging,
      aws_s3_bucket.before.object_lock_configuration, aws_s3_bucket.before.replication_configuration, aws_s3_bucket.before.website,
    ])
  }
}
