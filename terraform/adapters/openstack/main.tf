# EXAMPLE, NOT VALIDATED: formatted only. It has met neither its provider's schema nor a cloud.

terraform {
  required_providers {
    openstack = {
      source  = "terraform-provider-openstack/openstack"
      version = "~> 3.0"
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

variable "flavors" {
  description = "Flavor by role; its size must be at least the machine's."
  type        = map(string)
}

variable "image" {
  description = "Name of the image."
  type        = string
}

variable "network_id" {
  description = "Network of the site."
  type        = string
}

resource "openstack_compute_instance_v2" "machine" {
  for_each    = var.machines
  name        = each.key
  flavor_name = var.flavors[each.value.role]
  image_name  = var.image
  user_data   = var.cloud_init[each.key]
  network {
    uuid        = var.network_id
    fixed_ip_v4 = each.value.address
  }
}
