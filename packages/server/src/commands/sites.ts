/** `releve sites`: the sites, and the servers that hold the ledger. */
import { siteRows, type SiteRow } from "@releve/api/site-rows";
import { ledgerMembers, type LedgerMember } from "@releve/ledger/jetstream/ledger-members";
import { heardNodes } from "./heard-nodes.ts";
import { runningLedger } from "./open-running.ts";
import { withReadModel, type ModelArgs } from "./with-read-model.ts";

/** @returns the exit code. @throws those of the ledger and of the wire. */
export async function showSites(args: ModelArgs & { readonly json?: boolean | undefined }): Promise<number> {
  const ledger = runningLedger(args.data);
  const [heard, members] = await Promise.all([
    heardNodes(args.data),
    ledgerMembers(ledger, ledger.stream.name),
  ]);
  const sites = await withReadModel(args, (model) =>
    model.ask(({ views }) => siteRows(undefined, views("site"), views("node"), heard)),
  );
  const lines = args.json
    ? [JSON.stringify({ sites, ledger: members }, undefined, 2)]
    : [...sites.map(formatSite), "ledger:", ...members.map(formatMember)];
  for (const line of lines) process.stdout.write(`${line}\n`);
  return 0;
}

function formatSite({
  site,
  status,
  mode,
  safety,
  sinceMs,
  lostBy,
  nodesHeard,
  busy,
  slots,
}: SiteRow): string {
  const since = sinceMs === null ? "" : ` since ${new Date(sinceMs).toISOString()}`;
  const by = lostBy === null ? "" : `, says ${lostBy}`;
  return [
    site.padEnd(10),
    `${status}${since}${by}`,
    `${mode ?? "-"}, ${safety ?? "-"}`,
    `${nodesHeard} nodes heard, busy ${busy} of ${slots}`,
  ].join("  ");
}

function formatMember({ server, leads, current, offline, behind }: LedgerMember): string {
  const state = offline ? "offline" : current ? "current" : "catching up";
  return [`  ${(server || "-").padEnd(10)}`, leads ? "leader  " : "follower", state, `${behind} behind`].join(
    "  ",
  );
}
