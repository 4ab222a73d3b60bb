import type { Uuid } from "@releve/domain/ids";
import type { Commit, Position, Version } from "@releve/ledger/event-log";
import type { NodeEvent } from "@releve/ledger/events/node";
import { nodeStream } from "@releve/ledger/streams";
import { expect, test } from "vitest";
import { a1, b1, named } from "./node-loop.fixture.ts";
import { ownNode } from "./own-node.ts";

const { node, site, incarnation } = a1;
const joined = (start = incarnation): NodeEvent => ({
  type: "NodeJoined",
  node,
  site,
  incarnation: start,
  slots: 1,
  engine: "test",
  memoryBytes: null,
});
const draining: NodeEvent = { type: "NodeDraining", node, site, reason: "test" };
const lost: NodeEvent = { type: "NodeLost", node, site, silentMs: 1_500, incarnation };

const commit = (event: NodeEvent, of = a1): Commit => ({
  stream: nodeStream(of.site, of.node),
  version: 1 as Version,
  position: 1 as Position,
  events: [{ eventId: "event" as Uuid, context: { atMs: 0, site, actor: "test" }, schema: 1, event }],
});
function after(...events: readonly NodeEvent[]) {
  const own = ownNode(a1);
  for (const event of events) own.apply(commit(event));
  return { draining: own.draining(), isMissing: own.isMissing() };
}

test("a start that the ledger has as running is not missing; one that it has as lost, or never had, is", () => {
  expect(after(joined())).toEqual({ draining: false, isMissing: false });
  expect(after(joined(), lost)).toEqual({ draining: false, isMissing: true });
  expect(after()).toEqual({ draining: false, isMissing: true });
  expect(after(joined(), joined(named("a1", "other").incarnation))).toMatchObject({ isMissing: true });
});

test("a drain holds over being declared lost, and ends with the resume or with the next start", () => {
  expect(after(joined(), draining)).toMatchObject({ draining: true });
  expect(after(joined(), draining, lost)).toMatchObject({ draining: true });
  expect(after(joined(), draining, { type: "NodeResumed", node, site })).toMatchObject({ draining: false });
  expect(after(joined("before"), draining, joined())).toMatchObject({ draining: false });
});

test("another node's stream is none of its business, and what follows on unread events does not end it", () => {
  const own = ownNode(a1);
  expect(own.apply(commit(draining, b1))).toBe(false);
  expect(own.apply(commit(draining))).toBe(true);
  expect(own.draining()).toBe(false);
});
