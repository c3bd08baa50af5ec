variable "name" {
  description = "Name of the network and of what is in it."
  type        = string
}

variable "region" {
  description = "Google Cloud's region."
  type        = string
}

variable "cidr" {
  description = "Addresses of machines."
  type        = string
  default     = "10.30.0.0/20"
}

variable "pods_cidr" {
  description = "Addresses of pods."
  type        = string
  default     = "10.32.0.0/14"
}

variable "services_cidr" {
  description = "Addresses of services."
  type        = string
  default     = "10.36.0.0/20"
}
