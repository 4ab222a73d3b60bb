variables {
  name        = "site-a"
  cidr        = "10.20.0.0/24"
  ledger_urls = ["tls://10.20.0.4:4222"]
  dicom_peers = [{ aeTitle = "CT1", addresses = ["10.20.0.64/26"] }]
}

run "a_site_has_each_role_and_two_nodes" {
  command = plan
  assert {
    condition     = length(output.machines) == 5
    error_message = "ledger, gateway, api and two nodes"
  }
  assert {
    condition     = length([for machine in output.machines : machine if machine.role == "recon"]) == 2
    error_message = "two reconstruction nodes by default"
  }
}

run "no_two_machines_share_an_address" {
  command = plan
  variables { recon_nodes = 9 }
  assert {
    condition     = length(distinct([for machine in output.machines : machine.address])) == 12
    error_message = "twelve machines have twelve addresses"
  }
  assert {
    condition     = output.machines["site-a-node-9"].address == "10.20.0.15"
    error_message = "addresses follow from the network alone"
  }
}

run "cloud_init_is_yaml_with_the_role_and_its_settings" {
  command = plan
  assert {
    condition     = alltrue([for text in output.cloud_init : can(yamldecode(text))])
    error_message = "cloud-init must be YAML"
  }
  assert {
    condition     = strcontains(output.cloud_init["site-a-node-1"], "RELEVE_NODE=site-a-1")
    error_message = "a node knows its name"
  }
  assert {
    condition     = strcontains(output.cloud_init["site-a-gateway"], "releve-gateway@site-a-gateway.service")
    error_message = "the gateway starts its unit"
  }
}

run "the_ledger_listens_on_its_own_address_and_knows_its_site" {
  command = plan
  variables { ledger_peers = ["10.21.0.4", "10.22.0.4"] }
  assert {
    condition     = strcontains(output.cloud_init["site-a-ledger"], "10.20.0.4:4222") && strcontains(output.cloud_init["site-a-ledger"], "site:site-a")
    error_message = "address and failure domain"
  }
}

run "the_last_node_does_not_get_the_broadcast_address" {
  command = plan
  variables {
    cidr        = "10.20.0.0/28"
    recon_nodes = 9
  }
  expect_failures = [var.cidr]
}

run "eight_nodes_fit_the_smallest_network" {
  command = plan
  variables {
    cidr        = "10.20.0.0/28"
    recon_nodes = 8
  }
  assert {
    condition     = output.machines["site-a-node-8"].address == "10.20.0.14"
    error_message = "the last address before the broadcast"
  }
}

run "one_node_is_no_redundancy" {
  command = plan
  variables { recon_nodes = 1 }
  expect_failures = [var.recon_nodes]
}

run "a_network_that_is_too_small_is_refused" {
  command = plan
  variables { cidr = "10.20.0.0/29" }
  expect_failures = [var.cidr]
}

run "a_name_that_no_subject_can_carry_is_refused" {
  command = plan
  variables { name = "Site A." }
  expect_failures = [var.name]
}

run "a_site_without_a_ledger_is_refused" {
  command = plan
  variables { ledger_urls = [] }
  expect_failures = [var.ledger_urls]
}

run "what_listens_beyond_the_machine_has_a_certificate_and_knows_who_may_send" {
  command = plan
  assert {
    condition     = alltrue([for name in ["gateway", "api", "node-1"] : strcontains(output.cloud_init["site-a-${name}"], "RELEVE_TLS_KEY=/etc/releve/identity/key.pem")])
    error_message = "every role has an identity"
  }
  assert {
    condition     = strcontains(output.cloud_init["site-a-gateway"], "RELEVE_DIMSE_HOST=10.20.0.5") && strcontains(output.cloud_init["site-a-gateway"], "RELEVE_PEERS=[{\"addresses\":[\"10.20.0.64/26\"],\"aeTitle\":\"CT1\"}]")
    error_message = "the gateway names its senders"
  }
  assert {
    condition     = output.gateway_url == "https://10.20.0.5:8443"
    error_message = "the other sites use the listener for sites"
  }
}

run "the_installation_names_every_machine_of_the_site" {
  command = plan
  assert {
    condition     = output.installation == { name = "site-a", ledger = "10.20.0.4", gateway = "10.20.0.5", api = "10.20.0.6", nodes = { site-a-1 = "10.20.0.7", site-a-2 = "10.20.0.8" } }
    error_message = "keys are made for those that are there"
  }
}

run "a_gateway_that_takes_from_anybody_is_refused" {
  command = plan
  variables { dicom_peers = [] }
  expect_failures = [var.dicom_peers]
}

run "plain_links_between_machines_are_refused" {
  command = plan
  variables {
    ledger_urls    = ["nats://10.20.0.4:4222"]
    other_gateways = ["http://10.21.0.5:8090"]
  }
  expect_failures = [var.ledger_urls, var.other_gateways]
}
