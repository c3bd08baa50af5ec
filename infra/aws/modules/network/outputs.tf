output "vpc_id" {
  description = "The network."
  value       = aws_vpc.main.id
}

output "subnet_ids" {
  description = "Its private subnets."
  value       = [for subnet in aws_subnet.private : subnet.id]
}

output "gateway_endpoint_ids" {
  description = "The gateway endpoints, by service."
  value       = { for service, endpoint in aws_vpc_endpoint.gateway : service => endpoint.id }
}
