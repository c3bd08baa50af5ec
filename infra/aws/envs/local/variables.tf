variable "endpoint" {
  description = "Where footbridge listens: `footbridge serve`."
  type        = string
  default     = "http://127.0.0.1:4566"

  validation {
    condition     = can(regex("^https?://", var.endpoint))
    error_message = "endpoint is a URL such as http://127.0.0.1:4566."
  }
}

variable "region" {
  description = "The region that is signed for."
  type        = string
  default     = "us-east-1"
}

variable "bucket_name" {
  description = "Name of the bucket."
  type        = string
  default     = "shop-local"
}

variable "table_name" {
  description = "Name of the table."
  type        = string
  default     = "shop-local"
}

variable "kms" {
  description = "A KMS key: footbridge has no KMS."
  type        = bool
  default     = false
}

variable "bucket_policy" {
  description = "The bucket's policy (TLS only): footbridge has no bucket policies."
  type        = bool
  default     = false
}

variable "lifecycle_rules" {
  description = "The bucket's lifecycle: footbridge does not have it yet."
  type        = bool
  default     = false
}

variable "point_in_time_recovery" {
  description = "The table's recovery: footbridge does not have it yet."
  type        = bool
  default     = false
}

variable "ownership_controls" {
  description = "Says whose the objects are: footbridge takes it, and cannot take it back."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "The table's protection, which footbridge has: `destroy` is refused while it is on."
  type        = bool
  default     = false
}
