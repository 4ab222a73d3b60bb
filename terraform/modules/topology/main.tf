# Several sites as one system: who holds a ledger server, how many replicas, and whether the quorum survives a site.

terraform {
  required_version = ">= 1.9"
}

variable "sites" {
  description = "Sites by name, with their network, number of reconstruction nodes, and who may send images there."
  type = map(object({
    cidr        = string
    recon_nodes = optional(number, 2)
    dicom_peers = list(object({ aeTitle = string, addresses = list(string) }))
  }))
  validation {
    # Every site holds a ledger server, and an even number of those survives no more failures than one less.
    condition     = contains([1, 2, 3, 5], length(var.sites))
    error_message = "1, 3 or 5 sites, or 2 and a witness."
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
    condition     = (length(var.sites) == 2) == (var.witness_address != null)
    error_message = "Two sites need a witness in a third failure domain; other numbers need none."
  }
}

locals {
  names    = sort(keys(var.sites))
  ledgers  = { for name in local.names : name => cidrhost(var.sites[name].cidr, 4) }
  witness  = var.witness_address == null ? [] : [var.witness_address]
  replicas = length(local.names) == 1 ? 1 : 3
  peers    = { for name in local.names : name => concat([for other in local.names : local.ledgers[other] if other != name], local.witness) }
  gateways = { for name in local.names : name => "https://${cidrhost(var.sites[name].cidr, 5)}:8443" }
}

module "site" {
  source   = "../site"
  for_each = var.sites

  name            = each.key
  cidr            = each.value.cidr
  recon_nodes     = each.value.recon_nodes
  ledger_urls     = [for address in concat([local.ledgers[each.key]], local.peers[each.key]) : "tls://${address}:4222"]
  ledger_peers    = local.peers[each.key]
  ledger_replicas = local.replicas
  dicom_peers     = each.value.dicom_peers
  other_gateways  = [for name in local.names : local.gateways[name] if name != each.key]
}

module "witness" {
  source   = "../ledger"
  for_each = toset(local.witness)

  host    = "witness"
  site    = "witness"
  address = each.key
  peers   = values(local.ledgers)
}

output "installation" {
  description = "The file that `releve identities` makes keys, certificates and accounts from."
  value       = jsonencode(merge({ sites = [for name in local.names : module.site[name].installation] }, var.witness_address == null ? {} : { witness = var.witness_address }))
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

output "cloud_init" {
  description = "The user data of every machine, the witness among them."
  value       = merge(concat([for site in module.site : site.cloud_init], [for witness in module.witness : { witness = witness.cloud_init }])...)
}
