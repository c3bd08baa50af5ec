mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name           = "team"
  subnet_ids     = ["subnet-1", "subnet-2"]
  administrators = ["arn:aws:iam::111122223333:role/operators"]
}

run "private_encrypted_and_logged" {
  assert {
    condition     = aws_eks_cluster.main.vpc_config[0].endpoint_private_access && !aws_eks_cluster.main.vpc_config[0].endpoint_public_access
    error_message = "The cluster's API is reached from outside."
  }
  assert {
    condition     = aws_eks_cluster.main.encryption_config[0].provider[0].key_arn == aws_kms_key.cluster.arn && aws_eks_cluster.main.encryption_config[0].resources == toset(["secrets"])
    error_message = "Secrets are not encrypted."
  }
  assert {
    condition     = length(aws_eks_cluster.main.enabled_cluster_log_types) == 5
    error_message = "Some logs are missing."
  }
  assert {
    condition     = keys(aws_eks_access_policy_association.administrator) == ["arn:aws:iam::111122223333:role/operators"] && !aws_eks_cluster.main.access_config[0].bootstrap_cluster_creator_admin_permissions
    error_message = "Others than the administrators may do everything."
  }
  assert {
    condition     = aws_launch_template.node.metadata_options[0].http_tokens == "required" && aws_launch_template.node.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "Pods reach the node's credentials."
  }
  assert {
    condition     = aws_launch_template.node.block_device_mappings[0].ebs[0].encrypted == "true"
    error_message = "Disks are not encrypted."
  }
  assert {
    condition     = output.oidc_provider_arn == null && output.oidc_issuer == "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
    error_message = "The issuer is another."
  }
}

run "from_one_office_and_with_irsa" {
  variables {
    public_access_cidrs = ["192.0.2.0/24"]
    irsa                = true
  }
  assert {
    condition     = aws_eks_cluster.main.vpc_config[0].endpoint_public_access && aws_eks_cluster.main.vpc_config[0].public_access_cidrs == toset(["192.0.2.0/24"])
    error_message = "The office does not reach it, or others do."
  }
  assert {
    condition     = aws_iam_openid_connect_provider.cluster[0].client_id_list == toset(["sts.amazonaws.com"])
    error_message = "There is no provider for IRSA."
  }
}

run "not_from_the_whole_internet" {
  command = plan
  variables {
    public_access_cidrs = ["0.0.0.0/0"]
  }
  expect_failures = [var.public_access_cidrs]
}
