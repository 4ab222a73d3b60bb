# One hospital site as facts: which machines, which roles, which addresses, and the cloud-init of each. Pure: it names no
# provider, so that it is tested without one; thin adapters turn its outputs into machines of a hypervisor.

terraform {
  required_version = ">= 1.9"
}

variable "name" {
  description = "Name of the site: it becomes part of subjects and host names."
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,27}$", var.name))
    error_message = "A site's name is lower-case letters, digits and dashes, at most 28: a node's name has three more."
  }
}

variable "cidr" {
  description = "Network of the site, IPv4."
  type        = string
  validation {
    # The last address of the network is its broadcast; nodes start at host 7.
    condition     = try(cidrhost(var.cidr, 7 + var.recon_nodes) != "" && tonumber(split("/", var.cidr)[1]) <= 28, false)
    error_message = "The network must be IPv4 and have room for the site's machines: /28 for up to 8 nodes, /27 for 9."
  }
}

variable "recon_nodes" {
  description = "Reconstruction nodes: redundancy within the site needs two."
  type        = number
  default     = 2
  validation {
    condition     = var.recon_nodes >= 2 && var.recon_nodes <= 9 && floor(var.recon_nodes) == var.recon_nodes
    error_message = "A site has 2 to 9 reconstruction nodes."
  }
}

variable "slots_per_node" {
  description = "Jobs that one node runs at once."
  type        = number
  default     = 1
  validation {
    condition     = var.slots_per_node >= 1 && var.slots_per_node <= 64
    error_message = "A node has 1 to 64 slots."
  }
}

variable "ledger_urls" {
  description = "The ledger's servers, this site's first."
  type        = list(string)
  validation {
    condition     = length(var.ledger_urls) > 0 && alltrue([for url in var.ledger_urls : startswith(url, "tls://")])
    error_message = "Name at least one tls:// address: machines speak to each other with certificates only."
  }
}

variable "ledger_peers" {
  description = "Addresses of the ledger's servers at the other sites, and of a witness."
  type        = list(string)
  default     = []
}

variable "ledger_replicas" {
  description = "Servers that hold the ledger."
  type        = number
  default     = 1
}

variable "other_gateways" {
  description = "Base URLs of the other sites' listeners for sites."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for url in var.other_gateways : startswith(url, "https://")])
    error_message = "Sites speak to each other over https only."
  }
}

variable "dicom_peers" {
  description = "Who may send images: AE title (`*` is any) and addresses or networks."
  type        = list(object({ aeTitle = string, addresses = list(string) }))
  validation {
    condition     = length(var.dicom_peers) > 0
    error_message = "A gateway names who may send."
  }
}

locals {
  sizes = {
    ledger  = { cpus = 2, memory_mib = 4096, disk_gib = 100 }
    gateway = { cpus = 4, memory_mib = 8192, disk_gib = 2000 }
    api     = { cpus = 2, memory_mib = 4096, disk_gib = 40 }
    recon   = { cpus = 16, memory_mib = 65536, disk_gib = 200 }
  }

  # The first four addresses belong to the network itself; each role has its own machine so that none takes another down.
  singles = { for index, role in ["ledger", "gateway", "api"] : "${var.name}-${role}" => { role = role, host = 4 + index } }
  nodes   = { for index in range(var.recon_nodes) : "${var.name}-node-${index + 1}" => { role = "recon", host = 7 + index } }

  machines = {
    for name, machine in merge(local.singles, local.nodes) : name => merge(machine, local.sizes[machine.role], {
      address = cidrhost(var.cidr, machine.host)
    })
  }

  common = {
    RELEVE_SITE            = var.name
    RELEVE_NATS_URL        = join(",", var.ledger_urls)
    RELEVE_LEDGER_REPLICAS = var.ledger_replicas
    RELEVE_DATA_DIR        = "/var/lib/releve"
    RELEVE_OTHER_SITES     = join(",", var.other_gateways)
    RELEVE_TLS_CERT        = "/etc/releve/identity/cert.pem"
    RELEVE_TLS_KEY         = "/etc/releve/identity/key.pem"
    RELEVE_TLS_CA          = "/etc/releve/identity/ca.pem"
  }

  node_names = { for name, machine in local.machines : name => replace(name, "${var.name}-node-", "${var.name}-") if machine.role == "recon" }

  settings = {
    for name, machine in local.machines : name => merge(local.common,
      machine.role == "recon" ? { RELEVE_NODE = local.node_names[name], RELEVE_SLOTS = var.slots_per_node } : {},
      machine.role == "gateway" ? {
        RELEVE_HTTP_HOST  = machine.address
        RELEVE_HTTP_PORT  = 8090
        RELEVE_DIMSE_HOST = machine.address
        RELEVE_DIMSE_PORT = 11112
        RELEVE_SITE_HOST  = machine.address
        RELEVE_SITE_PORT  = 8443
        RELEVE_PEERS      = jsonencode(var.dicom_peers)
      } : {},
      machine.role == "api" ? { RELEVE_HTTP_HOST = machine.address, RELEVE_HTTP_PORT = 8080, RELEVE_CONSOLE_DIR = "/opt/releve/packages/console/dist" } : {},
    )
  }

  cloud_init = {
    for name, machine in local.machines : name => templatefile("${path.module}/cloud-init.yaml.tftpl", {
      host     = name
      role     = machine.role
      settings = local.settings[name]
    }) if machine.role != "ledger"
  }
}

module "ledger" {
  source = "../ledger"

  host    = "${var.name}-ledger"
  site    = var.name
  address = local.machines["${var.name}-ledger"].address
  peers   = var.ledger_peers
}

output "machines" {
  description = "Every machine by name: role, address, size."
  value       = { for name, machine in local.machines : name => { role = machine.role, address = machine.address, cpus = machine.cpus, memory_mib = machine.memory_mib, disk_gib = machine.disk_gib } }
}

output "cloud_init" {
  description = "The user data of each machine."
  value       = merge(local.cloud_init, { "${var.name}-ledger" = module.ledger.cloud_init })
}

output "gateway_url" {
  description = "For the other sites to copy objects from."
  value       = "https://${local.machines["${var.name}-gateway"].address}:8443"
}

output "installation" {
  description = "This site in the file that `releve identities` makes keys and certificates from."
  value = {
    name    = var.name
    ledger  = local.machines["${var.name}-ledger"].address
    gateway = local.machines["${var.name}-gateway"].address
    api     = local.machines["${var.name}-api"].address
    nodes   = { for name, node in local.node_names : node => local.machines[name].address }
  }
}
