variable "region" {
  description = "Region of the state bucket."
  type        = string
}

variable "state_bucket" {
  description = "Name of the bucket for states, unique in all of AWS."
  type        = string
}

variable "github" {
  description = "The repository (OWNER/NAME) whose jobs plan and apply; null for none. Plans are for its pull requests and main, applies for jobs of the environment infra-NAME."
  type = object({
    repository        = string
    environments      = optional(list(string), ["dev", "prod"])
    apply_policy_arns = list(string)
    plan_policy_arns  = optional(list(string), ["arn:aws:iam::aws:policy/SecurityAudit", "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"])
  })
  default = null

  validation {
    condition     = alltrue([for github in var.github[*] : can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", github.repository)) && alltrue([for name in github.environments : can(regex("^[a-z0-9-]+$", name))])])
    error_message = "The repository is OWNER/NAME, and environments are words, without *."
  }
}
