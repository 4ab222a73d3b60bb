/** `releve drain NODE [--reason TEXT] [--resume]`: a node finishes what it holds, claims nothing more, and leaves. */
import { Fault } from "@releve/domain/fault";
import type { NodeId, SiteId } from "@releve/domain/ids";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { nodeDecider } from "@releve/ledger/deciders/node";
import { nodeStream } from "@releve/ledger/streams";
import type { EventIndex } from "@releve/ledger/views/event-index";
import { actOnLedger, operatorContext, type Ledger } from "./act-on-ledger.ts";

export type DrainArgs = {
  readonly data: string;
  readonly node: string;
  readonly reason?: string | undefined;
  readonly resume?: boolean | undefined;
};

/** @returns the exit code. @throws Fault NODE_UNKNOWN; those of the ledger. */
export const drain = (args: DrainArgs): Promise<number> =>
  actOnLedger(args.data, (ledger) => drainNode(ledger, args));

export async function drainNode(
  { log, index }: Ledger,
  { node, reason = "asked for by an operator", resume = false }: Omit<DrainArgs, "data">,
): Promise<string | Refusal> {
  const site = siteOf(index, node);
  const command = resume ? ({ type: "resume" } as const) : ({ type: "drain", reason } as const);
  const done = await execute(
    log,
    nodeStream(site, node as NodeId),
    nodeDecider,
    command,
    operatorContext(site),
  );
  if (isRefusal(done)) return done;
  if (resume) return `${node} takes jobs${done.events.length > 0 ? " again" : " already"}`;
  return done.events.length > 0
    ? `${node} finishes what it holds, takes nothing more, and leaves`
    : `${node} is leaving already`;
}

/** A node's name is unique over all sites; where it moved, the latest site that it joined is meant. */
function siteOf(index: EventIndex, node: string): SiteId {
  const joined = index.all.flatMap(({ event }) =>
    event.type === "NodeJoined" && event.node === node ? [event.site] : [],
  );
  const last = joined.at(-1);
  if (last === undefined) throw new Fault("NODE_UNKNOWN", `no node ${node} ever joined`, "never");
  return last;
}
