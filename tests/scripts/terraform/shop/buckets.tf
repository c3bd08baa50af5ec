resource "aws_s3_bucket" "media" {
  bucket        = "shop-media"
  force_destroy = true
  tags          = local.first ? { team = "shop", "cost center" = "a/b" } : { team = "media" }
}

resource "aws_s3_bucket_versioning" "media" {
  bucket = aws_s3_bucket.media.id
  versioning_configuration {
    status = local.first ? "Enabled" : "Suspended"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "media" {
  bucket = aws_s3_bucket.media.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "media" {
  bucket = aws_s3_bucket.media.id
  cors_rule {
    id              = "pages"
    allowed_methods = ["GET", "PUT"]
    allowed_origins = local.first ? ["https://shop.example"] : ["https://shop.example", "https://*.shop.example"]
    allowed_headers = ["*"]
    expose_headers  = ["ETag"]
    max_age_seconds = 300
  }
}

resource "aws_s3_bucket_accelerate_configuration" "media" {
  bucket = aws_s3_bucket.media.id
  status = local.first ? "Enabled" : "Suspended"
}

# All of it, as a new bucket has it, and later not what a public policy needs.
resource "aws_s3_bucket_public_access_block" "media" {
  bucket                  = aws_s3_bucket.media.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = local.first
  restrict_public_buckets = local.first
}

# Some of it, and later none is left.
resource "aws_s3_bucket_public_access_block" "before" {
  count              = local.first ? 1 : 0
  bucket             = aws_s3_bucket.before.id
  block_public_acls  = true
  ignore_public_acls = true
}

# What a bucket has anyway.
resource "aws_s3_bucket_request_payment_configuration" "media" {
  bucket = aws_s3_bucket.media.id
  payer  = "BucketOwner"
}

resource "aws_s3_object" "page" {
  bucket                 = aws_s3_bucket_versioning.media.bucket
  key                    = "pages/über uns.html"
  content                = local.first ? "<p>one</p>" : "<p>two</p>"
  content_type           = "text/html"
  cache_control          = "max-age=60"
  server_side_encryption = "AES256"
  metadata               = { author = local.first ? "ana" : "bob" }
  tags                   = { kind = "page" }
}

resource "aws_s3_object" "file" {
  bucket             = aws_s3_bucket_versioning.media.bucket
  key                = "files/main.tf"
  source             = "${path.module}/main.tf"
  etag               = filemd5("${path.module}/main.tf")
  checksum_algorithm = "SHA256"
}

resource "aws_s3_object_copy" "copy" {
  bucket = aws_s3_bucket.media.id
  key    = "copies/main.tf"
  source = "${aws_s3_object.file.bucket}/${aws_s3_object.file.key}"
}
