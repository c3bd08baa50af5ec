variable "bucket_name" {
  description = "Name of the bucket, unique in all of Google Cloud."
  type        = string
}

variable "location" {
  description = "A region, or EU, US or ASIA."
  type        = string
}

variable "kms_key_name" {
  description = "A key of Cloud KMS, by its whole name; null leaves it to Google's own."
  type        = string
  default     = null
}

variable "keep_versions_days" {
  description = "How many days an overwritten or deleted object can be had back."
  type        = number
  default     = 90
}

variable "force_destroy" {
  description = "`destroy` deletes the bucket with all that is in it."
  type        = bool
  default     = false
}

variable "labels" {
  description = "Labels of the bucket."
  type        = map(string)
  default     = {}
}
