variable "bucket_name" {
  description = "Name of the bucket, unique in all of AWS."
  type        = string
}

variable "table_name" {
  description = "Name of the table; null for a bucket alone."
  type        = string
  default     = null
}

variable "hash_key" {
  description = "The table's partition key: its name, and its type S, N or B."
  type        = object({ name = string, type = optional(string, "S") })
  default     = { name = "pk" }
}

variable "range_key" {
  description = "The table's sort key; null for none."
  type        = object({ name = string, type = optional(string, "S") })
  default     = null
}

variable "ttl_attribute" {
  description = "The attribute with the time at which an item expires; null for none."
  type        = string
  default     = null
}

variable "encryption" {
  description = "`kms`: bucket and table under a KMS key. `s3`: under the keys that S3 and DynamoDB have themselves, which costs nothing."
  type        = string
  default     = "kms"

  validation {
    condition     = contains(["kms", "s3"], var.encryption)
    error_message = "encryption is kms or s3."
  }
}

variable "kms_key_arn" {
  description = "The KMS key; null makes one, which is rotated each year."
  type        = string
  default     = null
}

variable "ownership_controls" {
  description = "Says that all objects belong to the bucket's owner and that ACLs do not count, as in every new bucket."
  type        = bool
  default     = true
}

variable "tls_only" {
  description = "A bucket policy that refuses requests without TLS 1.2."
  type        = bool
  default     = true
}

variable "lifecycle_rules" {
  description = "Rules that clear uploads which broke off, and old versions."
  type        = bool
  default     = true
}

variable "keep_versions_days" {
  description = "How many days an overwritten or deleted object can be had back."
  type        = number
  default     = 90
}

variable "access_log_bucket" {
  description = "A bucket for S3's access logs, which exists already; null writes none."
  type        = string
  default     = null
}

variable "point_in_time_recovery" {
  description = "Keeps each second of the table's last 35 days."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "AWS refuses to delete the table until this is false and applied."
  type        = bool
  default     = true
}

variable "force_destroy" {
  description = "`destroy` deletes the bucket with all that is in it."
  type        = bool
  default     = false
}

variable "tags" {
  description = "Tags of all that is made."
  type        = map(string)
  default     = {}
}
