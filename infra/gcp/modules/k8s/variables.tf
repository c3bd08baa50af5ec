variable "name" {
  description = "Name of the cluster."
  type        = string
}

variable "region" {
  description = "Google Cloud's region."
  type        = string
}

variable "network_id" {
  description = "The network."
  type        = string
}

variable "subnetwork_id" {
  description = "Its subnet, with the secondary ranges `pods` and `services`."
  type        = string
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

variable "deletion_protection" {
  description = "The cluster is not destroyed until this is false and applied."
  type        = bool
  default     = true
}

variable "labels" {
  description = "Labels of the cluster."
  type        = map(string)
  default     = {}
}
