mock_provider "aws" {
  source = "../tests/mocks"
}

variables {
  region       = "eu-west-1"
  state_bucket = "state"
}

run "a_bucket_alone" {
  assert {
    condition     = output.state_bucket == module.state.bucket_name && length(output.roles) == 0
    error_message = "Roles are made that nobody asked for."
  }
}

run "roles_of_github" {
  variables {
    github = { repository = "me/shop", apply_policy_arns = ["arn:aws:iam::111122223333:policy/apply"] }
  }
  assert {
    condition = { for name, role in aws_iam_role.github : name => jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] } == {
      apply-dev  = ["repo:me/shop:environment:infra-dev"]
      apply-prod = ["repo:me/shop:environment:infra-prod"]
      plan-dev   = ["repo:me/shop:pull_request", "repo:me/shop:ref:refs/heads/main"]
      plan-prod  = ["repo:me/shop:pull_request", "repo:me/shop:ref:refs/heads/main"]
    }
    error_message = "Other jobs get a role."
  }
  assert {
    condition = { for name, policy in aws_iam_role_policy.state : name => [jsondecode(policy.policy).Statement[1].Action, jsondecode(policy.policy).Statement[1].Resource] } == {
      apply-dev  = [["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::data/envs/dev/*"]]
      apply-prod = [["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], ["arn:aws:s3:::data/envs/prod/*"]]
      plan-dev   = [["s3:GetObject"], ["arn:aws:s3:::data/envs/dev/*"]]
      plan-prod  = [["s3:GetObject"], ["arn:aws:s3:::data/envs/prod/*"]]
    }
    error_message = "A role reaches another environment's state."
  }
  assert {
    condition     = toset([for attachment in aws_iam_role_policy_attachment.github : attachment.policy_arn if strcontains(attachment.role, "apply")]) == toset(["arn:aws:iam::111122223333:policy/apply"])
    error_message = "The role that applies may do something else than it was given."
  }
}

run "one_repository" {
  command = plan
  variables {
    github = { repository = "me/*", apply_policy_arns = [] }
  }
  expect_failures = [var.github]
}
