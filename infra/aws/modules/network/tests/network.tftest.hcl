mock_provider "aws" {
  source = "../../tests/mocks"
}

variables {
  name               = "team"
  availability_zones = ["eu-west-1a", "eu-west-1b"]
}

run "private_and_logged" {
  assert {
    condition     = { for zone, subnet in aws_subnet.private : zone => [subnet.cidr_block, coalesce(subnet.map_public_ip_on_launch, false)] } == { eu-west-1a = ["10.20.0.0/20", false], eu-west-1b = ["10.20.16.0/20", false] }
    error_message = "A subnet is elsewhere, or public."
  }
  assert {
    condition     = toset([for endpoint in aws_vpc_endpoint.gateway : endpoint.service_name]) == toset(["com.amazonaws.eu-west-1.s3", "com.amazonaws.eu-west-1.dynamodb"])
    error_message = "S3 and DynamoDB have no gateways."
  }
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.gateway : endpoint.route_table_ids == toset([aws_route_table.private.id])])
    error_message = "The private subnets do not reach the gateways."
  }
  assert {
    condition     = aws_flow_log.main.traffic_type == "ALL" && aws_cloudwatch_log_group.flow.kms_key_id == aws_kms_key.logs.arn
    error_message = "What passes is not logged, or not encrypted."
  }
  assert {
    condition     = jsondecode(aws_kms_key.logs.policy).Statement[1].Condition.ArnEquals["kms:EncryptionContext:aws:logs:arn"] == aws_cloudwatch_log_group.flow.arn
    error_message = "The key serves other logs than these."
  }
  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && length(aws_security_group.endpoints) == 0
    error_message = "Something is paid for that nobody asked for."
  }
}

run "for_a_cluster" {
  variables {
    interface_endpoints = ["ecr.api", "sts"]
  }
  assert {
    condition     = aws_vpc_endpoint.interface["ecr.api"].private_dns_enabled && aws_vpc_security_group_ingress_rule.endpoints[0].cidr_ipv4 == "10.20.0.0/16"
    error_message = "The endpoints are not reached from inside."
  }
}
