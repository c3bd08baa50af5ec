# A GKE cluster that Google runs the nodes of (Autopilot): private nodes, Workload Identity, network policies, shielded machines are part of it.

resource "google_container_cluster" "main" {
  #checkov:skip=CKV_GCP_12:Autopilot always has network policies
  #checkov:skip=CKV_GCP_21:the labels are there, which checkov does not see through merge()
  #checkov:skip=CKV_GCP_61:Autopilot sets it, and refuses the argument
  #checkov:skip=CKV_GCP_65:groups of Google Workspace are an organization's own
  #checkov:skip=CKV_GCP_66:binary authorization wants a policy of the project's own
  #checkov:skip=CKV_GCP_69:Autopilot always has GKE's metadata server
  name                = var.name
  location            = var.region
  network             = var.network_id
  subnetwork          = var.subnetwork_id
  enable_autopilot    = true
  deletion_protection = var.deletion_protection
  resource_labels     = merge(var.labels, { name = var.name })

  release_channel {
    channel = "REGULAR"
  }

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = length(var.public_access_cidrs) == 0
  }

  # Without a block nobody outside the network reaches the cluster's API.
  master_authorized_networks_config {
    dynamic "cidr_blocks" {
      for_each = toset(var.public_access_cidrs)

      content {
        cidr_block = cidr_blocks.value
      }
    }
  }

  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }
}
