/**
 * Nodes in this process that lose their job and complete it late: once as a node does, through the decider, and once by an
 * append that only expects the version of the old claim, so that the ledger itself has to refuse.
 */
import { randomUUID } from "node:crypto";
import type { NodeId, SiteId, Uuid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import type { JobEvent, Token } from "@releve/ledger/events/job";
import { jobStream } from "@releve/ledger/streams";
import type { BenchLedger } from "./failover-ledger.ts";

const site = "bench" as SiteId;
const result = { outputs: [], pictures: [], engine: "wait", computeMs: 0, remarks: [] };

/** @returns how many of `count` late completions were refused in both ways. */
export async function refusedOfZombies(count: number, ledger: BenchLedger): Promise<number> {
  let refused = 0;
  for (let run = 0; run < count; run++) refused += Number(await isRefused(ledger));
  return refused;
}

async function isRefused(ledger: BenchLedger): Promise<boolean> {
  const job = await ledger.request(0);
  const token = await claim(ledger, job, "zombie");
  await ledger.command(job, { type: "release", token, reason: "node-lost" });
  await claim(ledger, job, "other");
  const late = await ledger.command(job, { type: "complete", token, ...result });
  const event: JobEvent = {
    type: "JobCompleted",
    job,
    node: "zombie" as NodeId,
    site,
    attempt: 1,
    token,
    ...result,
  };
  const context = { atMs: 0, site, actor: "node:zombie" };
  const bare = await ledger.log.append(
    jobStream(job),
    [{ eventId: randomUUID() as Uuid, context, event }],
    token.version,
  );
  return isRefusal(late) && late.refused === "STALE_TOKEN" && !bare.appended;
}

async function claim(
  ledger: BenchLedger,
  job: Parameters<BenchLedger["command"]>[0],
  name: string,
): Promise<Token> {
  const claimant = { node: name as NodeId, site, incarnation: name, epoch: ledger.log.epoch, aheadMs: 0 };
  const claimed = await ledger.command(job, { type: "claim", ...claimant });
  if (isRefusal(claimed) || claimed.state.status !== "claimed") throw new Error("nobody else claims here");
  return claimed.state.token;
}
