output "bucket_name" {
  description = "The bucket."
  value       = aws_s3_bucket.data.id
}

output "bucket_arn" {
  description = "Its ARN."
  value       = aws_s3_bucket.data.arn
}

output "table_name" {
  description = "The table; null without one."
  value       = one(aws_dynamodb_table.data[*].name)
}

output "table_arn" {
  description = "Its ARN."
  value       = one(aws_dynamodb_table.data[*].arn)
}

output "kms_key_arn" {
  description = "The KMS key of both; null without one."
  value       = local.with_kms ? local.key_arn : null
}
