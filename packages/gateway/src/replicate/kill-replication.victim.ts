/** A gateway's replication in a process of its own, which dies by SIGKILL the n-th time that it passes the failpoint it is told. */
import { steadyClock, systemClock } from "@releve/domain/clock";
import type { SiteId } from "@releve/domain/ids";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { openObjectStore } from "@releve/store/object-store";
import { objectsOf } from "@releve/store/site-copy";
import { runReplication } from "./run-replication.ts";

const [dir = "", door = "", natsUrl = "", dieAt = "", after = "1"] = process.argv.slice(2);
let passes = 0;
const failpoint = (name: string) => {
  if (name === dieAt && ++passes >= Number(after)) process.kill(process.pid, "SIGKILL");
};
const store = await openObjectStore({ dir, minFreeBytes: 0, failpoint });
const objects = objectsOf(store, [new URL(door)]);
await runReplication(
  {
    log: await openJetStreamLog({ servers: [natsUrl], name: "victim" }),
    clock: steadyClock,
    wallNowMs: () => systemClock.nowMs(),
    site: "site-b" as SiteId,
    lostSites: () => new Map(),
    keep: objects.keep,
    onFault: () => {},
    onBehind: () => {},
    failpoint,
  },
  new AbortController().signal,
);
