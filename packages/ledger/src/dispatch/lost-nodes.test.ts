import type { JobId, NodeId, SiteId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import type { Version } from "../event-log.ts";
import { releasesOfLost, type HeldJob, type Incarnation } from "./lost-nodes.ts";

const held = (job: string, node: string, incarnation?: string, site = "site-a"): HeldJob => ({
  job: job as JobId,
  node: node as NodeId,
  site: site as SiteId,
  token: { epoch: 1, version: 7 as Version },
  ...(incarnation === undefined ? {} : { incarnation }),
});
const incarnation = (node: string, name: string): Incarnation => ({
  node: node as NodeId,
  site: "site-a" as SiteId,
  incarnation: name,
});
const jobs = [
  held("old", "n1", "first"),
  held("new", "n1", "second"),
  held("unnamed", "n1"),
  held("other node", "n2", "first"),
  held("other site", "n1", "first", "site-b"),
];

test("a lost incarnation's jobs are released with the token that was seen, and nobody else's", () => {
  const releases = releasesOfLost(jobs, [incarnation("n1", "first")]);
  expect(releases.map(({ job }) => job)).toEqual(["old", "unnamed"]);
  expect(releases[0]!.command).toEqual({
    type: "release",
    token: { epoch: 1, version: 7 },
    reason: "node-lost",
  });
});
