variable "project" {
  description = "Google Cloud's project."
  type        = string
}

variable "region" {
  description = "Google Cloud's region."
  type        = string
}

variable "bucket_name" {
  description = "Name of the bucket, unique in all of Google Cloud."
  type        = string
}

variable "public_access_cidrs" {
  description = "Ranges that reach the cluster's API from outside; none keeps it private."
  type        = list(string)
  default     = []
}
