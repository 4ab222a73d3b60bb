# One server of the ledger: its nats-server configuration and cloud-init. A site has one; so has the witness of two sites.

terraform {
  required_version = ">= 1.9"
}

variable "host" {
  description = "Name of the machine."
  type        = string
}

variable "site" {
  description = "Failure domain that the server stands in; replicas of one stream never share one."
  type        = string
}

variable "address" {
  description = "Address that the server listens on."
  type        = string
  validation {
    condition     = can(cidrhost("${var.address}/32", 0))
    error_message = "The address is an IPv4 address."
  }
}

variable "peers" {
  description = "Addresses of the other servers of the ledger; none makes a ledger of one replica."
  type        = list(string)
  default     = []
  validation {
    condition     = contains([1, 3, 5], length(var.peers) + 1)
    error_message = "An even number of servers survives no more failures than one less: use 1, 3 or 5."
  }
}

locals {
  config = templatefile("${path.module}/nats.conf.tftpl", {
    host    = var.host
    site    = var.site
    address = var.address
    peers   = var.peers
  })
}

output "config" {
  description = "The nats-server configuration."
  value       = local.config
}

output "cloud_init" {
  description = "The user data of the machine. The certificates come by another way: they are secrets."
  value = "#cloud-config\n${yamlencode({
    hostname = var.host
    write_files = [{
      path        = "/etc/nats-server.conf"
      permissions = "0644"
      content     = local.config
    }]
    runcmd = ["systemctl enable --now nats-server.service"]
  })}"
}
