mock_provider "aws" {
  source = "../../tests/mocks"
}

run "data_that_may_go" {
  assert {
    condition     = toset(keys(output.role_arns)) == toset(keys(var.roles)) && output.cluster_name == null
    error_message = "Roles are missing, or a cluster is made that nobody asked for."
  }
}
