variable "name" {
  description = "Name of the environment; roles, network and cluster have it in their names."
  type        = string
}

variable "keep" {
  description = "The data is to be kept: the table can be recovered and not be deleted, and a bucket with objects is not destroyed."
  type        = bool
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

variable "ttl_attribute" {
  description = "The attribute with the time at which an item expires; null for none."
  type        = string
  default     = null
}

variable "encryption" {
  description = "`kms` or `s3`: see the module storage."
  type        = string
  default     = "kms"
}

variable "access_log_bucket" {
  description = "A bucket for S3's access logs, which exists already; null writes none."
  type        = string
  default     = null
}

variable "roles" {
  description = "Who reaches the data, in which of footbridge's modes: people, a workload's service account, a repository's jobs in one of its environments. A role is named KEY-ENVIRONMENT. A workload's `cluster` is `eks`, the one made here, or a name of `clusters`; its namespace is footbridge-ENVIRONMENT and its service account KEY unless said."
  type = map(object({
    mode           = string
    administration = optional(bool, false)
    people         = optional(object({ principal_arns = list(string), require_mfa = optional(bool, true) }))
    workload       = optional(object({ cluster = optional(string, "eks"), namespace = optional(string), service_account = optional(string) }))
    github         = optional(object({ repository = string, environment = string }))
  }))
  default = {}
}

variable "clusters" {
  description = "Clusters elsewhere whose service accounts may have roles: the https:// URLs of their issuers by name. GKE's is an output of infra/gcp."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name, url in var.clusters : startswith(url, "https://") && name != "eks"])
    error_message = "An issuer is a URL with https://, and the name eks is the environment's own cluster."
  }
}

variable "network" {
  description = "A network without internet; null makes none."
  type        = object({ availability_zones = list(string), cidr = optional(string, "10.20.0.0/16") })
  default     = null
}

variable "k8s" {
  description = "An EKS cluster in the network; null makes none."
  type = object({
    version             = optional(string)
    administrators      = list(string)
    public_access_cidrs = optional(list(string), [])
    instance_types      = optional(list(string), ["t4g.medium"])
    ami_type            = optional(string, "AL2023_ARM_64_STANDARD")
    nodes               = optional(object({ min = number, desired = number, max = number }), { min = 1, desired = 2, max = 3 })
  })
  default = null

  validation {
    condition     = var.k8s == null || var.network != null
    error_message = "A cluster wants a network."
  }
}
