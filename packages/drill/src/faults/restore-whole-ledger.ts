/**
 * A ledger of one server comes back from an older backup. Its processes must wait until a person adopts it; then they go on
 * under a new epoch, what the gateway had accepted is told again, and no token of before counts.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import { isRefusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { jobDecider } from "@releve/ledger/deciders/job";
import type { Commit, EventLog } from "@releve/ledger/event-log";
import type { LedgerEvent } from "@releve/ledger/events";
import type { Token } from "@releve/ledger/events/job";
import type { JobId } from "@releve/domain/ids";
import { openJetStreamLog } from "@releve/ledger/jetstream/jetstream-log";
import { jobStream } from "@releve/ledger/streams";
import { adoptLedger } from "@releve/server/commands/ledger-adopt";
import { markFileOf } from "@releve/server/roles/mark-file";
import { violationsOf } from "../invariants/invariants.ts";
import { runStudies } from "../load/run-studies.ts";
import { sendUntilAccepted } from "../load/send-load.ts";
import { smallSite, type SmallSite } from "../stage/small-site.ts";

export type Restored = { readonly what: string; readonly problems: readonly string[] };

const stepMs = 60_000;
/** Long enough for a process that does not wait to write something. */
const quietMs = 2_000;

export async function restoreWholeLedger(seed: string, clock: Clock): Promise<Restored> {
  const dir = await mkdtemp(join(tmpdir(), "releve-drill-restored-"));
  const site = await smallSite(dir);
  try {
    return await restoreAndAdopt(site, seed, clock);
  } finally {
    await site.kill();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function restoreAndAdopt(site: SmallSite, seed: string, clock: Clock): Promise<Restored> {
  const [before, after] = runStudies(`${seed} restored`, 2) as [LoadedStudy, LoadedStudy];
  const send = (study: LoadedStudy) => sendUntilAccepted(site.target, study, clock, stepMs);
  await site.startLedger();
  await Promise.all([site.startGateway(), site.startNode()]);
  const accepted = await send(before);
  await ended(site, clock, 1);
  await site.kill();
  await site.backUp();

  await site.startLedger();
  await Promise.all([site.startGateway(), site.startNode()]);
  accepted.push(...(await send(after)));
  const claim = await newestClaim(site, clock, after.study);
  await site.kill();
  await site.restore();

  await site.startLedger();
  await site.startGateway();
  const node = site.startNode();
  const problems = await waitingProblems(site, clock);
  const said: string[] = [];
  const code = await adoptLedger({
    data: site.dataDir,
    yes: true,
    ledger: { servers: site.servers, name: "operator" },
    say: (line) => said.push(line),
  });
  if (code !== 0) problems.push(`the adoption ended with ${code}: ${said.join(" ")}`);
  if (!said.some((line) => /^[1-9]\d* accepted objects/.test(line)))
    problems.push("the adoption did not list the accepted objects that are missing");
  await node;
  const commits = await ended(site, clock, 2);
  problems.push(...(await adoptedProblems(site, commits, claim)));
  const evidence = { ...nothingElse, commits, accepted };
  problems.push(...violationsOf(evidence).map(({ invariant, sentence }) => `${invariant}: ${sentence}`));
  return { what: `a ledger of one server restored and adopted, ${commits.length} commits`, problems };
}

type LoadedStudy = ReturnType<typeof runStudies>[number];

/** Of a site without a PACS and without followers: what there is none of holds. */
const nothingElse = {
  acknowledged: [],
  followed: [],
  studies: new Set<never>(),
  pacs: [],
  stored: new Map<never, never>(),
  unfinished: [],
  readModels: [{ of: "none", digest: "" as never }],
};

async function withLog<T>(site: SmallSite, use: (log: EventLog) => Promise<T>): Promise<T> {
  const log = await openJetStreamLog({ servers: site.servers, name: "drill" });
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

async function commitsOf(log: EventLog): Promise<Commit[]> {
  const commits: Commit[] = [];
  for await (const commit of log.readAll()) commits.push(commit);
  return commits;
}

const eventsOf = (commits: readonly Commit[]): LedgerEvent[] =>
  commits.flatMap(({ events }) => events.map(({ event }) => event));

/** Once so many studies are ruled and every job of theirs has ended. */
function ended(site: SmallSite, clock: Clock, studies: number): Promise<Commit[]> {
  return until(site, clock, (commits) => {
    const events = eventsOf(commits);
    const ruled = new Set(events.flatMap((event) => (event.type === "StudyRuled" ? [event.study] : [])));
    const count = (type: LedgerEvent["type"]) => events.filter((event) => event.type === type).length;
    return (
      ruled.size >= studies && count("JobRequested") === count("JobCompleted") + count("JobDeadLettered")
    );
  });
}

async function until(
  site: SmallSite,
  clock: Clock,
  holds: (commits: readonly Commit[]) => boolean,
): Promise<Commit[]> {
  const untilMs = clock.nowMs() + stepMs;
  return withLog(site, async (log) => {
    for (;;) {
      const commits = await commitsOf(log);
      if (holds(commits) || clock.nowMs() > untilMs) return commits;
      await clock.wait(200);
    }
  });
}

type OldClaim = { readonly job: JobId; readonly token: Token } | undefined;

/** A claim that the backup does not have. */
async function newestClaim(site: SmallSite, clock: Clock, study: string): Promise<OldClaim> {
  const requested = (commits: readonly Commit[]) =>
    new Set(
      eventsOf(commits).flatMap((event) =>
        event.type === "JobRequested" && event.study === study ? [event.job] : [],
      ),
    );
  const claims = (commits: readonly Commit[]) => {
    const jobs = requested(commits);
    return commits.flatMap(({ version, events }) =>
      events.flatMap(({ event }) =>
        event.type === "JobClaimed" && jobs.has(event.job)
          ? [{ job: event.job, token: { epoch: event.epoch, version } }]
          : [],
      ),
    );
  };
  return claims(await until(site, clock, (commits) => claims(commits).length > 0)).at(-1);
}

async function waitingProblems(site: SmallSite, clock: Clock): Promise<string[]> {
  const size = () => withLog(site, async (log) => (await commitsOf(log)).length);
  const before = await size();
  await clock.wait(quietMs);
  const problems: string[] = [];
  if ((await size()) !== before)
    problems.push("something was written into the restored ledger before it was adopted");
  const opened = await openJetStreamLog({
    servers: site.servers,
    name: "drill",
    markFile: markFileOf(join(site.dataDir, "site-r"), "gateway:site-r"),
  }).catch((error: unknown) => error);
  if (!(opened instanceof Fault && opened.code === "LEDGER_RESTORED"))
    problems.push("a process that remembers the newer ledger could open the restored one");
  return problems;
}

async function adoptedProblems(
  site: SmallSite,
  commits: readonly Commit[],
  claim: OldClaim,
): Promise<string[]> {
  const adoption = commits.findIndex(({ stream }) => stream.kind === "ledger");
  const epochs = new Set(
    eventsOf(commits.slice(adoption)).flatMap((event) => (event.type === "JobClaimed" ? [event.epoch] : [])),
  );
  const problems: string[] = [];
  if (adoption < 0) problems.push("the ledger holds no adoption");
  if (epochs.size !== 1 || !epochs.has(2))
    problems.push(`jobs were claimed under epochs ${[...epochs].join(", ")}`);
  if (!claim) return [...problems, "no job was claimed after the backup"];
  const result = { outputs: [], pictures: [], engine: "drill", computeMs: 0, remarks: [] };
  const command = { type: "complete", token: claim.token, ...result } as const;
  const context = { atMs: 0, site: "site-r", actor: "drill" };
  const outcome = await withLog(site, (log) =>
    execute(log, jobStream(claim.job), jobDecider, command, context),
  );
  if (!isRefusal(outcome)) problems.push(`a completion with a token of before the adoption was accepted`);
  return problems;
}
