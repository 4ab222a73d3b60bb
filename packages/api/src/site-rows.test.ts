import { expect, test } from "vitest";
import type { LiveNode } from "./api-context.ts";
import { siteRows } from "./site-rows.ts";

const here = { site: "site-a", address: "10.0.0.1", otherSites: [] };
const heard = (site: string, node: string, status = "alive"): LiveNode => ({
  node,
  site,
  status,
  slots: 2,
  busy: 1,
  loopLagMs: 0,
  progress: {},
});

test("a site is shown by what it said and by what is heard of it, also when it never joined", () => {
  const lost = {
    site: "site-b",
    mode: "member",
    safety: "safe-2",
    status: "lost",
    sinceMs: 7,
    lostBy: "site-a",
    silentMs: 3_000,
  } as const;
  const rows = siteRows(
    here,
    [lost],
    [],
    [heard("site-c", "c1"), heard("site-c", "c2"), heard("site-b", "b1", "lost")],
  );
  expect(rows).toMatchObject([
    { site: "site-a", address: "10.0.0.1", status: "unknown", nodesHeard: 0 },
    {
      site: "site-b",
      address: null,
      status: "lost",
      safety: "safe-2",
      lostBy: "site-a",
      nodesHeard: 0,
      slots: 0,
    },
    { site: "site-c", status: "unknown", nodesHeard: 2, slots: 4, busy: 2 },
  ]);
});
