variable "name" {
  description = "Name of the network, and the beginning of the names in it."
  type        = string
}

variable "cidr" {
  description = "Its addresses; each subnet has a sixteenth of them."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 0))
    error_message = "cidr is a range of IPv4 addresses such as 10.20.0.0/16."
  }
}

variable "availability_zones" {
  description = "A private subnet is made in each; EKS wants two at least."
  type        = list(string)

  validation {
    condition     = length(var.availability_zones) >= 1 && length(var.availability_zones) <= 16
    error_message = "There are 1 to 16 subnets."
  }
}

variable "interface_endpoints" {
  description = "AWS services that are called inside the network besides S3 and DynamoDB; each costs by the hour and zone. A cluster wants ec2, ecr.api, ecr.dkr, eks, eks-auth, logs and sts."
  type        = list(string)
  default     = []
}

variable "log_days" {
  description = "How long flow logs are kept."
  type        = number
  default     = 365
}

variable "tags" {
  description = "Tags of all that is made."
  type        = map(string)
  default     = {}
}
