variable "name" {
  description = "Name of the role and of its policy."
  type        = string
}

variable "mode" {
  description = "footbridge's mode that the role is for: read-only, ask or read-write."
  type        = string

  validation {
    condition     = contains(["read-only", "ask", "read-write"], var.mode)
    error_message = "mode is read-only, ask or read-write."
  }
}

variable "administration" {
  description = "Lets the tools make, change and delete the buckets and tables themselves. Terraform does that here, so no."
  type        = bool
  default     = false
}

variable "bucket_arns" {
  description = "The buckets, one by one."
  type        = list(string)

  validation {
    condition     = alltrue([for arn in var.bucket_arns : can(regex("^arn:[a-z-]+:s3:::[a-z0-9.-]+$", arn))])
    error_message = "A bucket's ARN is arn:aws:s3:::NAME, without * and without keys."
  }
}

variable "key_prefix" {
  description = "Only objects whose keys begin so. Keys are still listed in the whole bucket."
  type        = string
  default     = ""

  validation {
    condition     = !can(regex("[*?$]", var.key_prefix))
    error_message = "A prefix is text, not a pattern."
  }
}

variable "table_arns" {
  description = "The tables, one by one."
  type        = list(string)

  validation {
    condition     = alltrue([for arn in var.table_arns : can(regex("^arn:[a-z-]+:dynamodb:[a-z0-9-]+:[0-9]*:table/[A-Za-z0-9_.-]+$", arn))])
    error_message = "A table's ARN is arn:aws:dynamodb:REGION:ACCOUNT:table/NAME, without *."
  }
}

variable "kms_key_arns" {
  description = "The keys that they are under; used through S3 and DynamoDB alone."
  type        = list(string)
  default     = []
}

variable "people" {
  description = "Users and roles of people (arn:aws:iam::…:user/… or role/…), who may have to prove a second factor. Sessions of IAM Identity Center prove theirs when they sign in and do not carry it: set require_mfa = false for their roles."
  type = object({
    principal_arns = list(string)
    require_mfa    = optional(bool, true)
  })
  default = null

  validation {
    condition     = alltrue([for arn in flatten(var.people[*].principal_arns) : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(user|role|root)", arn)) && !strcontains(arn, "*")])
    error_message = "People are named by the ARNs of users and roles, without *."
  }
}

variable "pod_identity" {
  description = "A service account of an EKS cluster, through EKS Pod Identity."
  type = object({
    cluster_arn     = string
    namespace       = string
    service_account = string
  })
  default = null
}

variable "web_identities" {
  description = "Workloads with a token of their own: a service account of a cluster (IRSA on EKS, or GKE's issuer), or Google's accounts. `provider` is the ARN of the IAM OIDC provider, or accounts.google.com; `issuer` is its URL without https://. For accounts.google.com the audience stands in the claim `oaud`, since AWS takes `aud` for the service account's own number."
  type = map(object({
    provider       = string
    issuer         = string
    subjects       = list(string)
    audience       = optional(string, "sts.amazonaws.com")
    audience_claim = optional(string, "aud")
  }))
  default = {}

  validation {
    condition     = alltrue([for web in values(var.web_identities) : length(web.subjects) > 0 && !strcontains(join("", web.subjects), "*") && !startswith(web.issuer, "https:")])
    error_message = "A web identity names its subjects, without *, and its issuer without https://."
  }
}

variable "github" {
  description = "A repository's jobs (OWNER/NAME) in one of its environments; the provider is made in bootstrap."
  type = object({
    provider_arn = string
    repository   = string
    environment  = string
  })
  default = null

  validation {
    condition     = alltrue([for github in var.github[*] : can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", github.repository)) && can(regex("^[^*?:]+$", github.environment))])
    error_message = "GitHub is bound to one repository, OWNER/NAME, and one environment, without *."
  }
}

variable "max_session_seconds" {
  description = "How long a session may last."
  type        = number
  default     = 3600
}

variable "permissions_boundary" {
  description = "ARN of a permissions boundary, where the account wants one."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the role and its policy."
  type        = map(string)
  default     = {}
}
