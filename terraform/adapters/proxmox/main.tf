# EXAMPLE, NOT VALIDATED: formatted only. It has met neither its provider's schema nor a hypervisor.

terraform {
  required_providers {
    proxmox = {
      source  = "bpg/proxmox"
      version = "~> 0.80"
    }
  }
}

variable "machines" {
  description = "Output `machines` of modules/topology."
  type        = map(object({ role = string, address = string, cpus = number, memory_mib = number, disk_gib = number }))
}

variable "cloud_init" {
  description = "Output `cloud_init` of modules/topology."
  type        = map(string)
}

variable "node" {
  description = "Host that the machines run on."
  type        = string
}

variable "image_file_id" {
  description = "Cloud image, already uploaded."
  type        = string
}

resource "proxmox_virtual_environment_file" "user_data" {
  for_each     = var.machines
  content_type = "snippets"
  datastore_id = "local"
  node_name    = var.node
  source_raw {
    file_name = "${each.key}.yaml"
    data      = var.cloud_init[each.key]
  }
}

resource "proxmox_virtual_environment_vm" "machine" {
  for_each  = var.machines
  name      = each.key
  node_name = var.node
  tags      = ["releve", each.value.role]

  cpu { cores = each.value.cpus }
  memory { dedicated = each.value.memory_mib }
  disk {
    interface    = "virtio0"
    datastore_id = "local-lvm"
    file_id      = var.image_file_id
    size         = each.value.disk_gib
  }
  initialization {
    user_data_file_id = proxmox_virtual_environment_file.user_data[each.key].id
    ip_config {
      ipv4 { address = "${each.value.address}/24" }
    }
  }
}
