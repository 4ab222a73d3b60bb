import { RetentionPolicy, StorageType, type StreamConfig } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { differingSettings, ledgerStreamConfig } from "./stream-config.ts";

const stream = { name: "LEDGER", replicas: 1 };
const good: Partial<StreamConfig> = ledgerStreamConfig(stream);

test("the settings as asked for are right, also where the server leaves out what is false or zero", () => {
  const { max_age: _, allow_rollup_hdrs: __, ...echoed } = good;
  expect(differingSettings(good, stream)).toEqual([]);
  expect(differingSettings({ ...echoed, sealed: false, compression: "s2" }, stream)).toEqual([]);
});

test.each<[string, Partial<StreamConfig>]>([
  ["max_age", { max_age: 1 }],
  ["max_msgs", { max_msgs: 1000 }],
  ["max_msgs_per_subject", { max_msgs_per_subject: 1 }],
  ["storage", { storage: StorageType.Memory }],
  ["retention", { retention: RetentionPolicy.Workqueue }],
  ["deny_delete", { deny_delete: false }],
  ["allow_rollup_hdrs", { allow_rollup_hdrs: true }],
  ["num_replicas", { num_replicas: 3 }],
  ["subjects", { subjects: ["ledger.job.>"] }],
  ["no_ack", { no_ack: true }],
  ["allow_msg_ttl", { allow_msg_ttl: true }],
  ["mirror", { mirror: { name: "OTHER" } }],
  ["persist_mode", { persist_mode: "async" }],
])("%s is named when it differs", (name, change) => {
  const differing = differingSettings({ ...good, ...change }, stream);
  expect(differing).toHaveLength(1);
  expect(differing[0]).toMatch(new RegExp(`^${name}: `));
});
