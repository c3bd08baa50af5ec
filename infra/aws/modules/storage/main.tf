# A bucket, and a table beside it, for an application and its agents.

locals {
  # A key of our own where the data is to be under KMS and no key is given.
  with_kms = var.encryption == "kms"
  own_key  = local.with_kms && var.kms_key_arn == null
  key_arn  = local.own_key ? aws_kms_key.data[0].arn : var.kms_key_arn
}

resource "aws_kms_key" "data" {
  # The default policy is what is wanted: IAM of the account decides, and the module `iam` grants the use through S3 and DynamoDB alone.
  #checkov:skip=CKV2_AWS_64:the key's default policy leaves the decision to IAM
  count                   = local.own_key ? 1 : 0
  description             = "What is in ${var.bucket_name} and the table beside it"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = var.tags
}

resource "aws_kms_alias" "data" {
  count         = local.own_key ? 1 : 0
  name          = "alias/${replace(var.bucket_name, ".", "-")}"
  target_key_id = aws_kms_key.data[0].key_id
}

resource "aws_s3_bucket" "data" {
  #checkov:skip=CKV_AWS_144:one region is enough here; versions and point-in-time recovery keep what is overwritten
  #checkov:skip=CKV2_AWS_62:nobody listens
  bucket        = var.bucket_name
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    # One data key for many objects: KMS is asked, and paid, a hundredth as often.
    bucket_key_enabled = local.with_kms

    apply_server_side_encryption_by_default {
      sse_algorithm     = local.with_kms ? "aws:kms" : "AES256"
      kms_master_key_id = local.with_kms ? local.key_arn : null
    }
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# What a bucket has anyway since April 2023; said so that nobody turns it off.
resource "aws_s3_bucket_ownership_controls" "data" {
  count  = var.ownership_controls ? 1 : 0
  bucket = aws_s3_bucket.data.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "data" {
  count  = var.tls_only ? 1 : 0
  bucket = aws_s3_bucket.data.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OnlyWithTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "OnlyWithTodaysTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.data.arn, "${aws_s3_bucket.data.arn}/*"]
        Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
      },
    ]
  })

  # S3 takes changes of these one after the other.
  depends_on = [aws_s3_bucket_public_access_block.data]
}

resource "aws_s3_bucket_lifecycle_configuration" "data" {
  count  = var.lifecycle_rules ? 1 : 0
  bucket = aws_s3_bucket.data.id

  rule {
    id     = "broken-off-uploads"
    status = "Enabled"
    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.keep_versions_days
    }

    expiration {
      expired_object_delete_marker = true
    }
  }

  # Rules on versions want versions.
  depends_on = [aws_s3_bucket_versioning.data]
}

resource "aws_s3_bucket_logging" "data" {
  count         = var.access_log_bucket == null ? 0 : 1
  bucket        = aws_s3_bucket.data.id
  target_bucket = var.access_log_bucket
  target_prefix = "${var.bucket_name}/"
}

resource "aws_dynamodb_table" "data" {
  #checkov:skip=CKV_AWS_119:a variable, and a KMS key unless `s3` is said; the module's test holds that
  #checkov:skip=CKV_AWS_28:a variable, and on unless said; the module's test holds that
  count                       = var.table_name == null ? 0 : 1
  name                        = var.table_name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = var.hash_key.name
  range_key                   = var.range_key == null ? null : var.range_key.name
  deletion_protection_enabled = var.deletion_protection
  tags                        = var.tags

  dynamic "attribute" {
    for_each = var.range_key == null ? [var.hash_key] : [var.hash_key, var.range_key]

    content {
      name = attribute.value.name
      type = attribute.value.type
    }
  }

  dynamic "ttl" {
    for_each = var.ttl_attribute == null ? [] : [var.ttl_attribute]

    content {
      enabled        = true
      attribute_name = ttl.value
    }
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }

  # Without KMS the table is under a key that DynamoDB itself has.
  server_side_encryption {
    enabled     = local.with_kms
    kms_key_arn = local.with_kms ? local.key_arn : null
  }
}
