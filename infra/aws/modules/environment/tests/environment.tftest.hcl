mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name        = "dev"
  keep        = true
  bucket_name = "data"
  table_name  = "orders"
}

run "data_alone" {
  assert {
    condition     = output.cluster_name == null && length(module.network) == 0 && length(output.role_arns) == 0
    error_message = "Something is made that nobody asked for."
  }
}

run "roles_of_each_kind" {
  variables {
    network  = { availability_zones = ["eu-west-1a", "eu-west-1b"] }
    k8s      = { administrators = ["arn:aws:iam::111122223333:role/operators"] }
    clusters = { gke = "https://container.googleapis.com/v1/projects/p/locations/l/clusters/c" }
    roles = {
      agents     = { mode = "read-only", people = { principal_arns = ["arn:aws:iam::111122223333:user/ana"] } }
      footbridge = { mode = "ask", workload = {} }
      elsewhere  = { mode = "read-only", workload = { cluster = "gke", namespace = "bridge", service_account = "mcp" } }
      tests      = { mode = "read-write", github = { repository = "me/shop", environment = "dev" } }
    }
  }
  assert {
    condition = { for name, trust in output.trusts : name => jsondecode(trust).Statement[0].Condition } == {
      agents = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }
      footbridge = { StringEquals = {
        "oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud" = "sts.amazonaws.com"
        "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub" = ["system:serviceaccount:footbridge-dev:footbridge"]
      } }
      elsewhere = { StringEquals = {
        "container.googleapis.com/v1/projects/p/locations/l/clusters/c:aud" = "sts.amazonaws.com"
        "container.googleapis.com/v1/projects/p/locations/l/clusters/c:sub" = ["system:serviceaccount:bridge:mcp"]
      } }
      tests = { StringEquals = {
        "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "repo:me/shop:environment:dev"
      } }
    }
    error_message = jsonencode(output.trusts)
  }
}

run "no_cluster_without_a_network" {
  command = plan
  variables {
    k8s = { administrators = [] }
  }
  expect_failures = [var.k8s]
}
