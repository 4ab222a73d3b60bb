/** The nodes as a person looks at them: what the ledger says of each beside what its heartbeats say now. Pure. */
import type { KernelTested } from "@releve/ledger/events/node";
import type { NodeView } from "@releve/ledger/views/node-view";
import type { LiveNode } from "./api-context.ts";

export type NodeRow = {
  readonly node: string;
  readonly site: string;
  /** The heartbeats' word, or `silent` for one that is not heard at all. */
  readonly heard: string;
  /** The ledger's word: alive, draining, lost, left, or `unknown` for one that never joined. */
  readonly recorded: NodeView["status"] | "unknown";
  readonly reason: string | null;
  readonly slots: number;
  readonly busy: number;
  readonly loopLagMs: number | null;
  readonly engine: string | null;
  readonly memoryBytes: number | null;
  /** What its self-test gave when it joined; null where it said nothing of it. */
  readonly kernels: readonly KernelTested[] | null;
  readonly progress: Readonly<Record<string, number>>;
};

const keyOf = ({ site, node }: { readonly site: string; readonly node: string }): string => `${site}/${node}`;

export function nodeRows(recorded: readonly NodeView[], live: readonly LiveNode[]): NodeRow[] {
  const views = new Map(recorded.map((view) => [keyOf(view), view]));
  const beats = new Map(live.map((node) => [keyOf(node), node]));
  const keys = [...new Set([...views.keys(), ...beats.keys()])].toSorted();
  return keys.map((key) => rowOf(views.get(key), beats.get(key)));
}

const unheard = { heard: "silent", busy: 0, loopLagMs: null, progress: {} } as const;

function rowOf(view: NodeView | undefined, beat: LiveNode | undefined): NodeRow {
  const { site, node, slots } = (beat ?? view)!;
  const { status: recorded = "unknown", reason = null, engine = null } = view ?? {};
  const { memoryBytes = null, kernels = null } = view ?? {};
  const { status, busy, loopLagMs, progress } = beat ?? { status: unheard.heard, ...unheard };
  return {
    node,
    site,
    heard: status,
    recorded,
    reason,
    slots,
    busy,
    loopLagMs,
    engine,
    memoryBytes,
    kernels,
    progress,
  };
}
