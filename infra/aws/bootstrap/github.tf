# GitHub's jobs come with tokens of their own, so that no key of AWS lies with GitHub. For each environment there is a role that plans,
# for pull requests of the repository and for main, and one that applies, for jobs of the environment infra-NAME alone, which GitHub lets
# wait for a person's approval.

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

locals {
  issuer       = "token.actions.githubusercontent.com"
  environments = toset(flatten(var.github[*].environments))
  provider_arn = "arn:${data.aws_partition.here.partition}:iam::${data.aws_caller_identity.here.account_id}:oidc-provider/${local.issuer}"

  roles = merge([
    for name in local.environments : {
      "plan-${name}" = {
        environment = name
        subjects    = ["repo:${var.github.repository}:pull_request", "repo:${var.github.repository}:ref:refs/heads/main"]
        policies    = var.github.plan_policy_arns
        state       = ["s3:GetObject"]
        keys        = ["kms:Decrypt"]
      }
      "apply-${name}" = {
        environment = name
        subjects    = ["repo:${var.github.repository}:environment:infra-${name}"]
        policies    = var.github.apply_policy_arns
        state       = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
        keys        = ["kms:Decrypt", "kms:GenerateDataKey"]
      }
    }
  ]...)

  attachments = merge([for name, role in local.roles : { for arn in role.policies : "${name} ${arn}" => { role = name, arn = arn } }]...)
}

resource "aws_iam_openid_connect_provider" "github" {
  count          = var.github == null ? 0 : 1
  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "github" {
  #checkov:skip=CKV_AWS_393:each subject begins with the one repository, which checkov does not see through the local; the root's test holds them
  for_each    = local.roles
  name        = "infra-${each.key}"
  description = "Terraform of infra/aws/envs/${each.value.environment} from GitHub"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = local.provider_arn }
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = each.value.subjects
        }
      }
    }]
  })

  # IAM refuses a trust in a provider that is not there.
  depends_on = [aws_iam_openid_connect_provider.github]
}

# The state of the one environment, and its lock beside it. Who plans takes none.
resource "aws_iam_role_policy" "state" {
  for_each = local.roles
  name     = "state"
  role     = aws_iam_role.github[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Bucket"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [module.state.bucket_arn]
      },
      {
        Sid      = "State"
        Effect   = "Allow"
        Action   = each.value.state
        Resource = ["${module.state.bucket_arn}/envs/${each.value.environment}/*"]
      },
      {
        Sid       = "Key"
        Effect    = "Allow"
        Action    = each.value.keys
        Resource  = [module.state.kms_key_arn]
        Condition = { StringLike = { "kms:ViaService" = ["s3.*.amazonaws.com"] } }
      },
    ]
  })
}

resource "aws_iam_role_policy_attachment" "github" {
  for_each   = local.attachments
  role       = aws_iam_role.github[each.value.role].name
  policy_arn = each.value.arn
}
