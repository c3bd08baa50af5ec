# A role for one of footbridge's modes, and the least that the tools of that mode ask IAM for. The actions are those of the table in
# docs/tools.md, which is measured; tests/scripts/infra.py holds actions.json to it.

locals {
  actions = jsondecode(file("${path.module}/actions.json"))
  # `ask` wants what `read-write` wants: footbridge asks its person before it calls, and AWS knows nothing of that.
  levels = concat(["read"], var.mode == "read-only" ? [] : ["write"], var.administration ? ["administration"] : [])

  resources = {
    any    = ["*"]
    bucket = var.bucket_arns
    object = [for arn in var.bucket_arns : "${arn}/${var.key_prefix}*"]
    table  = var.table_arns
    index  = [for arn in var.table_arns : "${arn}/index/*"]
  }

  granted = { for kind, on in local.resources : kind => sort(flatten([for level in local.levels : lookup(local.actions[level], kind, [])])) }

  statements = [
    for kind, actions in local.granted : {
      Sid      = "${title(kind)}${join("", [for level in local.levels : title(level) if length(lookup(local.actions[level], kind, [])) > 0])}"
      Effect   = "Allow"
      Action   = actions
      Resource = local.resources[kind]
    } if length(actions) > 0 && length(local.resources[kind]) > 0
  ]

  # Only through S3 and DynamoDB. A grant is what a new table takes from whoever makes it.
  key_statements = length(var.kms_key_arns) == 0 ? [] : [
    {
      Sid    = "KeysThroughTheServices"
      Effect = "Allow"
      Action = concat(
        ["kms:Decrypt", "kms:DescribeKey"],
        var.mode == "read-only" ? [] : ["kms:GenerateDataKey"],
        var.administration ? ["kms:CreateGrant"] : [],
      )
      Resource  = var.kms_key_arns
      Condition = { StringLike = { "kms:ViaService" = ["s3.*.amazonaws.com", "dynamodb.*.amazonaws.com"] } }
    },
  ]

  policy = {
    Version   = "2012-10-17"
    Statement = concat(local.statements, local.key_statements)
  }
}

resource "aws_iam_policy" "tools" {
  name        = var.name
  description = "What footbridge's tools ask for in the mode ${var.mode}"
  policy      = jsonencode(local.policy)
  tags        = var.tags
}

resource "aws_iam_role" "tools" {
  name                 = var.name
  description          = "footbridge in the mode ${var.mode}"
  assume_role_policy   = jsonencode(local.trust)
  max_session_duration = var.max_session_seconds
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  lifecycle {
    precondition {
      condition     = length(local.trust.Statement) > 0
      error_message = "Nobody may assume the role: set people, pod_identity, web_identities or github."
    }
    precondition {
      condition     = !(var.mode == "read-only" && var.administration)
      error_message = "A role that reads only makes no buckets and tables."
    }
  }
}

resource "aws_iam_role_policy_attachment" "tools" {
  role       = aws_iam_role.tools.name
  policy_arn = aws_iam_policy.tools.arn
}
