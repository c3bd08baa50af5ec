variable "name" {
  description = "Name of the cluster."
  type        = string
}

variable "kubernetes_version" {
  description = "Version of Kubernetes, such as 1.33; null takes the newest that EKS has when the cluster is made."
  type        = string
  default     = null
}

variable "subnet_ids" {
  description = "Private subnets in two zones at least."
  type        = list(string)
}

variable "public_access_cidrs" {
  description = "Ranges that reach the cluster's API from outside; none keeps it private."
  type        = list(string)
  default     = []

  validation {
    condition     = !anytrue([for range in var.public_access_cidrs : endswith(range, "/0")])
    error_message = "The whole internet is not let to the cluster's API."
  }
}

variable "administrators" {
  description = "Roles and users who may do everything in the cluster, by their ARNs."
  type        = list(string)
  default     = []
}

variable "irsa" {
  description = "Makes an IAM OIDC provider of the cluster, so that roles can be given to service accounts by IRSA too."
  type        = bool
  default     = false
}

variable "instance_types" {
  description = "What the nodes are."
  type        = list(string)
  default     = ["t4g.medium"]
}

variable "ami_type" {
  description = "The nodes' system; it fits the processor of instance_types."
  type        = string
  default     = "AL2023_ARM_64_STANDARD"
}

variable "disk_gib" {
  description = "Each node's disk."
  type        = number
  default     = 30
}

variable "nodes" {
  description = "How many nodes."
  type        = object({ min = number, desired = number, max = number })
  default     = { min = 1, desired = 2, max = 3 }
}

variable "log_days" {
  description = "How long the cluster's logs are kept."
  type        = number
  default     = 365
}

variable "tags" {
  description = "Tags of all that is made."
  type        = map(string)
  default     = {}
}
