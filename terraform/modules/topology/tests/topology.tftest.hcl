run "one_site_has_one_replica_and_says_that_it_does_not_survive_itself" {
  command = plan
  variables { sites = { site-a = { cidr = "10.20.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.20.0.64/26"] }] } } }
  assert {
    condition     = output.replicas == 1 && output.survives_a_site == false
    error_message = "one site is one failure domain"
  }
}

run "three_sites_survive_one" {
  command = plan
  variables {
    sites = { site-a = { cidr = "10.20.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.20.0.64/26"] }] }, site-b = { cidr = "10.21.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.21.0.64/26"] }] }, site-c = { cidr = "10.22.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.22.0.64/26"] }] } }
  }
  assert {
    condition     = output.replicas == 3 && output.survives_a_site
    error_message = "three sites hold three replicas"
  }
  assert {
    condition     = length(output.machines) == 15
    error_message = "five machines a site"
  }
}

run "two_sites_without_a_witness_are_refused" {
  command = plan
  variables { sites = { site-a = { cidr = "10.20.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.20.0.64/26"] }] }, site-b = { cidr = "10.21.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.21.0.64/26"] }] } } }
  expect_failures = [var.witness_address]
}

run "two_sites_and_a_witness_survive_one" {
  command = plan
  variables {
    sites           = { site-a = { cidr = "10.20.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.20.0.64/26"] }] }, site-b = { cidr = "10.21.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.21.0.64/26"] }] } }
    witness_address = "10.30.0.4"
  }
  assert {
    condition     = output.replicas == 3 && output.survives_a_site
    error_message = "a witness makes the third vote"
  }
}

run "two_sites_on_one_network_are_refused" {
  command = plan
  variables {
    sites = { site-a = { cidr = "10.20.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.20.0.64/26"] }] }, site-b = { cidr = "10.20.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.20.0.64/26"] }] }, site-c = { cidr = "10.22.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.22.0.64/26"] }] } }
  }
  expect_failures = [var.sites]
}

run "every_ledger_server_knows_the_others_and_not_itself" {
  command = plan
  variables {
    sites           = { site-a = { cidr = "10.20.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.20.0.64/26"] }] }, site-b = { cidr = "10.21.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.21.0.64/26"] }] } }
    witness_address = "10.30.0.4"
  }
  assert {
    condition     = strcontains(output.cloud_init["site-a-ledger"], "nats://10.21.0.4:6222") && strcontains(output.cloud_init["site-a-ledger"], "nats://10.30.0.4:6222")
    error_message = "site a knows site b and the witness"
  }
  assert {
    condition     = !strcontains(output.cloud_init["site-a-ledger"], "nats://10.20.0.4:6222")
    error_message = "no route to itself"
  }
  assert {
    condition     = strcontains(output.cloud_init["witness"], "nats://10.20.0.4:6222") && strcontains(output.cloud_init["witness"], "site:witness")
    error_message = "the witness is a failure domain of its own"
  }
}

run "four_sites_are_refused" {
  command = plan
  variables {
    sites = {
      site-a = { cidr = "10.20.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.20.0.64/26"] }] }, site-b = { cidr = "10.21.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.21.0.64/26"] }] },
      site-c = { cidr = "10.22.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.22.0.64/26"] }] }, site-d = { cidr = "10.23.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.23.0.64/26"] }] }
    }
  }
  expect_failures = [var.sites]
}

run "keys_can_be_made_for_everybody_from_one_file" {
  command = plan
  variables {
    sites = {
      site-a = { cidr = "10.20.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.20.0.64/26"] }] }
      site-b = { cidr = "10.21.0.0/24", dicom_peers = [{ aeTitle = "*", addresses = ["10.21.0.64/26"] }] }
    }
    witness_address = "10.30.0.4"
  }
  assert {
    condition     = jsondecode(output.installation).sites[1].nodes["site-b-2"] == "10.21.0.8" && jsondecode(output.installation).witness == "10.30.0.4"
    error_message = "sites, nodes and the witness"
  }
  assert {
    condition     = strcontains(output.cloud_init["site-a-gateway"], "RELEVE_NATS_URL=tls://10.20.0.4:4222,tls://10.21.0.4:4222,tls://10.30.0.4:4222") && strcontains(output.cloud_init["site-a-gateway"], "RELEVE_LEDGER_REPLICAS=3")
    error_message = "the site's own server first, the others behind it"
  }
}
