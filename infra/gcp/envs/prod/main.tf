# A bucket, and a cluster on Google Cloud whose service accounts assume roles of infra/aws/envs/prod.

provider "google" {
  project = var.project
  region  = var.region
}

module "storage" {
  source        = "../../modules/storage"
  bucket_name   = var.bucket_name
  location      = var.region
  force_destroy = false
  labels        = { environment = "prod" }
}

module "network" {
  source = "../../modules/network"
  name   = "footbridge-prod"
  region = var.region
}

module "k8s" {
  source              = "../../modules/k8s"
  name                = "footbridge-prod"
  region              = var.region
  network_id          = module.network.network_id
  subnetwork_id       = module.network.subnetwork_id
  public_access_cidrs = var.public_access_cidrs
  deletion_protection = true
  labels              = { environment = "prod" }
}
