# Who may assume the role, and under which conditions.

mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name        = "footbridge"
  mode        = "read-only"
  bucket_arns = ["arn:aws:s3:::data"]
  table_arns  = ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]
}

run "nobody" {
  command         = plan
  expect_failures = [aws_iam_role.tools]
}

run "a_person_with_a_second_factor" {
  command = plan
  variables {
    people = { principal_arns = ["arn:aws:iam::111122223333:user/ana"] }
  }
  assert {
    condition = jsondecode(output.trust).Statement == [{
      Sid       = "People"
      Effect    = "Allow"
      Action    = ["sts:AssumeRole"]
      Principal = { AWS = ["arn:aws:iam::111122223333:user/ana"] }
      Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
    }]
    error_message = output.trust
  }
}

run "a_person_without" {
  command = plan
  variables {
    people = { principal_arns = ["arn:aws:iam::111122223333:role/sso"], require_mfa = false }
  }
  assert {
    condition     = !contains(keys(jsondecode(output.trust).Statement[0]), "Condition")
    error_message = output.trust
  }
}

run "a_pod" {
  command = plan
  variables {
    pod_identity = { cluster_arn = "arn:aws:eks:eu-west-1:111122223333:cluster/c", namespace = "footbridge", service_account = "bridge" }
  }
  assert {
    condition = jsondecode(output.trust).Statement == [{
      Sid       = "PodIdentity"
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "pods.eks.amazonaws.com" }
      Condition = {
        StringEquals = {
          "aws:RequestTag/eks-cluster-arn"            = "arn:aws:eks:eu-west-1:111122223333:cluster/c"
          "aws:RequestTag/kubernetes-namespace"       = "footbridge"
          "aws:RequestTag/kubernetes-service-account" = "bridge"
        }
      }
    }]
    error_message = output.trust
  }
}

run "a_service_account_with_a_token" {
  command = plan
  variables {
    web_identities = {
      gke = {
        provider = "arn:aws:iam::111122223333:oidc-provider/container.googleapis.com/v1/projects/p/locations/l/clusters/c"
        issuer   = "container.googleapis.com/v1/projects/p/locations/l/clusters/c"
        subjects = ["system:serviceaccount:footbridge:footbridge"]
      }
      google = {
        provider       = "accounts.google.com"
        issuer         = "accounts.google.com"
        subjects       = ["1234567890"]
        audience       = "footbridge"
        audience_claim = "oaud"
      }
    }
  }
  assert {
    condition = { for statement in jsondecode(output.trust).Statement : statement.Sid => [statement.Action, statement.Principal.Federated, jsonencode(statement.Condition)] } == {
      WebGke = [
        ["sts:AssumeRoleWithWebIdentity"],
        "arn:aws:iam::111122223333:oidc-provider/container.googleapis.com/v1/projects/p/locations/l/clusters/c",
        jsonencode({ StringEquals = {
          "container.googleapis.com/v1/projects/p/locations/l/clusters/c:aud" = "sts.amazonaws.com"
          "container.googleapis.com/v1/projects/p/locations/l/clusters/c:sub" = ["system:serviceaccount:footbridge:footbridge"]
        } }),
      ]
      WebGoogle = [
        ["sts:AssumeRoleWithWebIdentity"],
        "accounts.google.com",
        jsonencode({ StringEquals = { "accounts.google.com:oaud" = "footbridge", "accounts.google.com:sub" = ["1234567890"] } }),
      ]
    }
    error_message = output.trust
  }
}

run "a_job_of_one_repository_in_one_environment" {
  command = plan
  variables {
    github = {
      provider_arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
      repository   = "me/shop"
      environment  = "prod"
    }
  }
  assert {
    condition = jsondecode(output.trust).Statement[0].Condition == {
      StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "repo:me/shop:environment:prod"
      }
    }
    error_message = output.trust
  }
}

run "no_star_for_people_subjects_and_repositories" {
  command = plan
  variables {
    people         = { principal_arns = ["*"] }
    web_identities = { all = { provider = "accounts.google.com", issuer = "accounts.google.com", subjects = ["*"] } }
    github         = { provider_arn = "arn:aws:iam::111122223333:oidc-provider/x", repository = "me/*", environment = "*" }
  }
  expect_failures = [var.people, var.web_identities, var.github]
}
