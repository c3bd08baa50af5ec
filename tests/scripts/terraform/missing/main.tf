# What a bucket has only once it was set: none of it can be taken over.

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
  to = aws_s3_bucket_policy.none
  id = local.bucket
}

resource "aws_s3_bucket_policy" "none" {
  bucket = local.bucket
  policy = "{}"
}

import {
  to = aws_s3_bucket_website_configuration.none
  id = local.bucket
}

resource "aws_s3_bucket_website_configuration" "none" {
  bucket = local.bucket
  index_document {
    suffix = "index.html"
  }
}

import {
  to = aws_s3_bucket_lifecycle_configuration.none
  id = local.bucket
}

resource "aws_s3_bucket_lifecycle_configuration" "none" {
  bucket = local.bucket
  rule {
    id     = "old"
    status = "Enabled"
    filter {}
    expiration {
      days = 1
    }
  }
}

import {
  to = aws_s3_bucket_replication_configuration.none
  id = local.bucket
}

resource "aws_s3_bucket_replication_configuration" "none" {
  bucket = local.bucket
  role   = "arn:aws:iam::000000000000:role/copies"
  rule {
    status = "Enabled"
    destination {
      bucket = "arn:aws:s3:::elsewhere"
    }
  }
}

import {
  to = aws_s3_bucket_object_lock_configuration.none
  id = local.bucket
}

resource "aws_s3_bucket_object_lock_configuration" "none" {
  bucket = local.bucket
}

import {
  to = aws_s3_bucket_cors_configuration.none
  id = local.bucket
}

resource "aws_s3_bucket_cors_configuration" "none" {
  bucket = local.bucket
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
  }
}

import {
  to = aws_s3_bucket_logging.none
  id = local.bucket
}

resource "aws_s3_bucket_logging" "none" {
  bucket        = local.bucket
  target_bucket = local.bucket
  target_prefix = "log/"
}

import {
  to = aws_s3_bucket_metric.none
  id = "${local.bucket}:all"
}

resource "aws_s3_bucket_metric" "none" {
  bucket = local.bucket
  name   = "all"
}

import {
  to = aws_s3_bucket_analytics_configuration.none
  id = "${local.bucket}:all"
}

resource "aws_s3_bucket_analytics_configuration" "none" {
  bucket = local.bucket
  name   = "all"
}

import {
  to = aws_s3_bucket_intelligent_tiering_configuration.none
  id = "${local.bucket}:all"
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "none" {
  bucket = local.bucket
  name   = "all"
  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = 90
  }
}

import {
  to = aws_s3_bucket_inventory.none
  id = "${local.bucket}:all"
}

resource "aws_s3_bucket_inventory" "none" {
  bucket                   = local.bucket
  name                     = "all"
  included_object_versions = "All"
  schedule {
    frequency = "Daily"
  }
  destination {
    bucket {
      format     = "CSV"
      bucket_arn = "arn:aws:s3:::elsewhere"
    }
  }
}
