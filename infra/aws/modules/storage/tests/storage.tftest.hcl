mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  bucket_name = "data"
  table_name  = "orders"
}

run "as_it_is_given" {
  assert {
    condition     = aws_s3_bucket_versioning.data.versioning_configuration[0].status == "Enabled"
    error_message = "The bucket keeps no versions."
  }
  assert {
    condition = one(one(aws_s3_bucket_server_side_encryption_configuration.data.rule).apply_server_side_encryption_by_default) == {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "arn:aws:kms:eu-west-1:111122223333:key/made"
    }
    error_message = "The bucket is not under the key that is made."
  }
  assert {
    condition     = aws_kms_key.data[0].enable_key_rotation
    error_message = "The key is not rotated."
  }
  assert {
    condition     = aws_dynamodb_table.data[0].server_side_encryption[0].kms_key_arn == "arn:aws:kms:eu-west-1:111122223333:key/made"
    error_message = "The table is not under the key that is made."
  }
  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.data.block_public_acls,
      aws_s3_bucket_public_access_block.data.block_public_policy,
      aws_s3_bucket_public_access_block.data.ignore_public_acls,
      aws_s3_bucket_public_access_block.data.restrict_public_buckets,
    ])
    error_message = "The public is not kept out."
  }
  assert {
    condition     = aws_s3_bucket_ownership_controls.data[0].rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "Objects may belong to others."
  }
  assert {
    condition = { for statement in jsondecode(aws_s3_bucket_policy.data[0].policy).Statement : statement.Sid => [statement.Effect, jsonencode(statement.Condition)] } == {
      OnlyWithTls       = ["Deny", "{\"Bool\":{\"aws:SecureTransport\":\"false\"}}"]
      OnlyWithTodaysTls = ["Deny", "{\"NumericLessThan\":{\"s3:TlsVersion\":\"1.2\"}}"]
    }
    error_message = "The bucket takes requests without TLS."
  }
  assert {
    condition     = toset(aws_s3_bucket_lifecycle_configuration.data[0].rule[*].id) == toset(["broken-off-uploads", "old-versions"])
    error_message = "Nothing clears the bucket."
  }
  assert {
    condition = alltrue([
      aws_dynamodb_table.data[0].billing_mode == "PAY_PER_REQUEST",
      aws_dynamodb_table.data[0].point_in_time_recovery[0].enabled,
      aws_dynamodb_table.data[0].deletion_protection_enabled,
    ])
    error_message = "The table is not on demand, recoverable and protected."
  }
  assert {
    condition     = !aws_s3_bucket.data.force_destroy
    error_message = "A bucket with data could be destroyed."
  }
}

run "without_kms" {
  variables {
    encryption = "s3"
    range_key  = { name = "at", type = "N" }
  }
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.data.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "The bucket is not encrypted."
  }
  assert {
    condition     = length(aws_kms_key.data) == 0 && output.kms_key_arn == null
    error_message = "A key is made that nothing uses."
  }
  assert {
    condition     = aws_dynamodb_table.data[0].range_key == "at" && length(aws_dynamodb_table.data[0].attribute) == 2
    error_message = "The sort key is not there."
  }
}

run "a_key_that_is_given" {
  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/given"
  }
  assert {
    condition     = length(aws_kms_key.data) == 0 && aws_dynamodb_table.data[0].server_side_encryption[0].kms_key_arn == var.kms_key_arn
    error_message = "The key that is given is not used."
  }
}

run "a_bucket_alone" {
  variables {
    table_name = null
  }
  assert {
    condition     = length(aws_dynamodb_table.data) == 0 && output.table_arn == null
    error_message = "A table is made that nobody named."
  }
}

run "no_such_encryption" {
  command = plan
  variables {
    encryption = "none"
  }
  expect_failures = [var.encryption]
}
