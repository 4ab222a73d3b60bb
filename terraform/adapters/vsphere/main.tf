# EXAMPLE, NOT VALIDATED: formatted only. It has met neither its provider's schema nor a hypervisor.

terraform {
  required_providers {
    vsphere = {
      source  = "vmware/vsphere"
      version = "~> 2.10"
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

variable "placement" {
  description = "Where the machines go."
  type        = object({ resource_pool_id = string, datastore_id = string, network_id = string, template_uuid = string })
}

resource "vsphere_virtual_machine" "machine" {
  for_each         = var.machines
  name             = each.key
  resource_pool_id = var.placement.resource_pool_id
  datastore_id     = var.placement.datastore_id
  num_cpus         = each.value.cpus
  memory           = each.value.memory_mib

  network_interface { network_id = var.placement.network_id }
  disk {
    label = "system"
    size  = each.value.disk_gib
  }
  clone { template_uuid = var.placement.template_uuid }
  extra_config = {
    "guestinfo.userdata"          = base64encode(var.cloud_init[each.key])
    "guestinfo.userdata.encoding" = "base64"
    "guestinfo.metadata"          = base64encode(yamlencode({ "local-hostname" = each.key }))
    "guestinfo.metadata.encoding" = "base64"
  }
}
