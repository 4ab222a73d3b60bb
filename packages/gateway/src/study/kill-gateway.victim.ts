/** A gateway's intake and publisher in a process of its own, which dies by SIGKILL at the failpoint that it is told. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import type { SiteId } from "@releve/domain/ids";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { openIntake } from "../intake/open-intake.ts";
import { arrivalOf, inChunks } from "../intake/intake.fixture.ts";
import { fileCheckpoint } from "./checkpoint.ts";
import { publishJournal } from "./publish-journal.ts";

const [dir = "", file = "", natsUrl = "", dieAt = ""] = process.argv.slice(2);
const failpoint = (name: string) => {
  if (name === dieAt) process.kill(process.pid, "SIGKILL");
};
const intake = await openIntake({ dir, minFreeBytes: 0, nowMs: systemClock.nowMs, failpoint });

async function publish(): Promise<void> {
  const log = await openJetStreamLog({ servers: [natsUrl], name: "victim", connectLimitMs: 60_000 });
  const deps = {
    journal: intake.journal,
    checkpoint: fileCheckpoint(join(dir, "published")),
    log,
    clock: systemClock,
  };
  const never = new AbortController().signal;
  await publishJournal(
    { ...deps, site: "site-a" as SiteId, compare: async () => "same", onFault: () => {}, failpoint },
    never,
  );
}

const publishing = publish();
const bytes = readFileSync(file);
await intake.receive(arrivalOf(bytes, { chunks: inChunks(bytes, 65_536) }));
await publishing;
