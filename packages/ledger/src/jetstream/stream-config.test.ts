import {
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { differingSettings, ensureLedgerStream, ledgerStreamConfig } from "./stream-config.ts";
import { isTransient } from "./transient.ts";

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

test("a stream that another process is making at this moment is asked for again, not given up", async () => {
  const refusal = (code: number, err_code: number) =>
    new JetStreamApiError({ code, err_code, description: "by the server" });
  const streams = {
    info: () => Promise.reject(refusal(404, 10059)),
    add: () => Promise.reject(refusal(400, 10058)),
  } as unknown as JetStreamManager["streams"];
  const opening = ensureLedgerStream({ streams } as JetStreamManager, stream);
  expect(isTransient(await opening.catch((error: unknown) => error))).toBe(true);
});
