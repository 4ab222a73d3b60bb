/** `releve nodes`: what the nodes' heartbeats say during a second, beside what the ledger has of each. */
import { nodeRows, type NodeRow } from "@releve/api/node-rows";
import { heardNodes } from "./heard-nodes.ts";
import { withReadModel, type ModelArgs } from "./with-read-model.ts";

/** @returns 0 when a node is heard. @throws those of the ledger and of the wire. */
export async function showNodes(args: ModelArgs & { readonly json?: boolean | undefined }): Promise<number> {
  const heard = await heardNodes(args.data);
  const rows = await withReadModel(args, (model) =>
    nodeRows(
      model.ask(({ views }) => views("node")),
      heard,
    ),
  );
  const lines = args.json ? [JSON.stringify(rows, undefined, 2)] : rows.map(formatNode);
  for (const line of lines) process.stdout.write(`${line}\n`);
  return heard.length > 0 ? 0 : 1;
}

function formatNode({ site, node, heard, recorded, reason, busy, slots, loopLagMs }: NodeRow): string {
  return [
    site.padEnd(10),
    node.padEnd(6),
    heard.padEnd(8),
    `busy ${busy} of ${slots}`,
    `lag ${loopLagMs === null ? "-" : Math.round(loopLagMs)} ms`,
    `in the ledger: ${recorded}${reason === null ? "" : `, ${reason}`}`,
  ].join("  ");
}
