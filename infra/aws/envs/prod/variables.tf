# What each of these is for stands in modules/environment/variables.tf; here are the values of this environment to fill in.

variable "region" {
  description = "AWS's region of all that is made."
  type        = string
}

variable "bucket_name" {
  description = "Name of the bucket, unique in all of AWS."
  type        = string
}

variable "table_name" {
  description = "Name of the table."
  type        = string
}

variable "hash_key" {
  description = "The table's partition key."
  type        = object({ name = string, type = optional(string, "S") })
  default     = { name = "pk" }
}

variable "range_key" {
  description = "The table's sort key; null for none."
  type        = object({ name = string, type = optional(string, "S") })
  default     = null
}

variable "roles" {
  description = "Who reaches the data, in which mode."
  type        = any
  default     = {}
}

variable "clusters" {
  description = "Issuers of clusters elsewhere, by name."
  type        = map(string)
  default     = {}
}

variable "network" {
  description = "A network without internet; null makes none."
  type        = any
  default     = null
}

variable "k8s" {
  description = "An EKS cluster in the network; null makes none."
  type        = any
  default     = null
}

variable "access_log_bucket" {
  description = "A bucket for S3's access logs, which exists already; null writes none."
  type        = string
  default     = null
}
