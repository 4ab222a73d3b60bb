variables {
  host    = "site-a-ledger"
  site    = "site-a"
  address = "10.20.0.4"
}

run "a_server_alone_has_no_cluster" {
  command = plan
  assert {
    condition     = !strcontains(output.config, "cluster {")
    error_message = "no peers, no routes"
  }
}

run "three_servers_know_each_other_and_their_failure_domain" {
  command = plan
  variables { peers = ["10.21.0.4", "10.22.0.4"] }
  assert {
    condition     = strcontains(output.config, "routes: [\"nats://10.21.0.4:6222\", \"nats://10.22.0.4:6222\"]")
    error_message = "a route to each of the others"
  }
  assert {
    condition     = strcontains(output.config, "server_tags: [\"site:site-a\"]") && strcontains(output.config, "unique_tag: \"site:\"")
    error_message = "replicas must not share a site"
  }
}

run "what_leaves_the_machine_has_mutual_tls_and_events_are_on_the_disk" {
  command = plan
  variables { peers = ["10.21.0.4", "10.22.0.4"] }
  assert {
    condition     = length(regexall("verify_and_map: true", output.config)) == 2
    error_message = "clients and routes show certificates, and are who these name"
  }
  assert {
    condition     = strcontains(output.config, "include nats/accounts.conf") && strcontains(output.config, "user: \"releve://ledger/route\"")
    error_message = "users have the rights of their accounts, and only a ledger server is a route"
  }
  assert {
    condition     = strcontains(output.config, "sync_interval: always")
    error_message = "an acknowledged event is on the disk"
  }
}

run "cloud_init_writes_the_configuration" {
  command = plan
  assert {
    condition     = yamldecode(output.cloud_init).write_files[0].content == output.config
    error_message = "the file is the configuration, unharmed by YAML"
  }
}

run "two_servers_are_refused" {
  command = plan
  variables { peers = ["10.21.0.4"] }
  expect_failures = [var.peers]
}
