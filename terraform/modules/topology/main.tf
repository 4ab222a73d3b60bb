# Several sites as one system: who holds a ledger server, how many replicas, and whether the quorum survives a site.

terraform {
  required_version = ">= 1.9"
}

variable "sites" {
  description = "Sites by name, with their network and number of reconstruction nodes."
  type        = map(object({ cidr = string, recon_nodes = optional(number, 2) }))
  validation {
    condition     = length(var.sites) >= 1 && length(var.sites) <= 7
    error_message = "1 to 7 sites."
  }
  validation {
    condition     = length(distinct([for site in var.sites : site.cidr])) == length(var.sites)
    error_message = "Each site has its own network."
  }
}

variable "witness_address" {
  description = "A small ledger server in a third failure domain: two sites alone lose their quorum with either of them."
  type        = string
  default     = null
  validation {
    condition     = length(var.sites) != 2 || var.witness_address != null
    error_message = "Two sites need a witness in a third failure domain."
  }
}

locals {
  names    = sort(keys(var.sites))
  ledgers  = { for name in local.names : name => "nats://${cidrhost(var.sites[name].cidr, 4)}:4222" }
  witness  = var.witness_address == null ? [] : ["nats://${var.witness_address}:4222"]
  replicas = length(local.names) == 1 ? 1 : 3
  gateways = { for name in local.names : name => "http://${cidrhost(var.sites[name].cidr, 5)}:8090" }
}

module "site" {
  source   = "../site"
  for_each = var.sites

  name           = each.key
  cidr           = each.value.cidr
  recon_nodes    = each.value.recon_nodes
  ledger_urls    = concat([local.ledgers[each.key]], [for name in local.names : local.ledgers[name] if name != each.key], local.witness)
  other_gateways = [for name in local.names : local.gateways[name] if name != each.key]
}

output "replicas" {
  description = "Replicas of the ledger's stream."
  value       = local.replicas
}

output "survives_a_site" {
  description = "Whether the ledger keeps its quorum when one site is gone."
  value       = length(local.names) + length(local.witness) >= 3
}

output "machines" {
  description = "Every machine of every site."
  value       = merge([for site in module.site : site.machines]...)
}
