import type { NodeId, SiteId } from "@releve/domain/ids";
import { execute } from "@releve/ledger/command-handler";
import { nodeDecider } from "@releve/ledger/deciders/node";
import { memoryLog } from "@releve/ledger/memory-log";
import { nodeStream } from "@releve/ledger/streams";
import type { LivenessChange } from "@releve/wire/liveness";
import { expect, test } from "vitest";
import { recordLostNodes } from "./record-lost-nodes.ts";

const site = "site-a" as SiteId;
const lostNode = { node: "b1" as NodeId, site: "site-b" as SiteId };
const change = (to: LivenessChange["to"], kind: LivenessChange["kind"] = "recon"): LivenessChange => ({
  ...lostNode,
  kind,
  incarnation: "i1",
  from: "alive",
  to,
  silentMs: 1200,
});

test("a lost node is recorded once, whoever says it, and a lost gateway is no node", async () => {
  const log = memoryLog();
  const stream = nodeStream(lostNode.site, lostNode.node);
  const join = {
    type: "join",
    ...lostNode,
    incarnation: "i1",
    slots: 1,
    engine: "cpu",
    memoryBytes: null,
  } as const;
  await execute(log, stream, nodeDecider, join, { atMs: 0, site, actor: "node:b1" });
  const record = recordLostNodes(log, site, (fault) => {
    throw fault;
  });
  for (const told of [change("suspect"), change("lost", "gateway"), change("lost"), change("lost")])
    record(told);
  const types = async () =>
    (await log.read(stream)).flatMap(({ events }) => events.map(({ event }) => event.type));
  await expect.poll(types).toEqual(["NodeJoined", "NodeLost"]);
});
