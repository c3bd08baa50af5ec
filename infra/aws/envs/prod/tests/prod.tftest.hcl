mock_provider "aws" {
  source = "../../tests/mocks"
}

run "with_a_cluster" {
  assert {
    condition     = toset(keys(output.role_arns)) == toset(keys(var.roles)) && output.cluster_name == "footbridge-prod"
    error_message = "Roles are missing, or the cluster."
  }
}
