import { systemClock } from "@releve/domain/clock";
import type { SiteId } from "@releve/domain/ids";
import type { EventLog } from "@releve/ledger/event-log";
import { memoryLog } from "@releve/ledger/memory-log";
import { siteStream } from "@releve/ledger/streams";
import { expect, test, vi } from "vitest";
import { recordSites } from "./record-sites.ts";

const a = "site-a" as SiteId;
const b = "site-b" as SiteId;
const clock = {
  ...systemClock,
  wait: (ms: number, signal?: AbortSignal) => systemClock.wait(ms / 100, signal),
};

const typesOf = async (log: EventLog, site: SiteId) =>
  (await log.read(siteStream(site))).flatMap(({ events }) => events.map(({ event }) => event.type));

function started(log: EventLog, site: SiteId, silent: Map<string, number>) {
  const stopping = new AbortController();
  const settings = { log, clock, wallNowMs: () => 0, site, mode: "member", safety: "safe-2" } as const;
  const done = recordSites({ ...settings, silentSites: () => silent, onFault: () => {} }, stopping.signal);
  return async () => {
    stopping.abort();
    await done;
  };
}

test("a site joins once, is lost once whoever sees it, and says itself when it is back", async () => {
  const log = memoryLog();
  const silent = new Map<string, number>();
  const stopB = started(log, b, new Map());
  await vi.waitUntil(async () => (await typesOf(log, b)).length === 1, { timeout: 15_000 });
  await stopB();

  silent.set(b, 1_500);
  const stops = [started(log, a, silent), started(log, "site-c" as SiteId, silent)];
  await vi.waitUntil(async () => (await typesOf(log, b)).includes("SiteLost"), { timeout: 15_000 });
  await systemClock.wait(100);
  expect(await typesOf(log, b)).toEqual(["SiteJoined", "SiteLost"]);

  silent.clear();
  stops.push(started(log, b, new Map()));
  await vi.waitUntil(async () => (await typesOf(log, b)).includes("SiteReturned"), { timeout: 15_000 });
  await Promise.all(stops.map((stop) => stop()));
  expect(await typesOf(log, b)).toEqual(["SiteJoined", "SiteLost", "SiteReturned"]);
  expect(await typesOf(log, a)).toEqual(["SiteJoined"]);
});
