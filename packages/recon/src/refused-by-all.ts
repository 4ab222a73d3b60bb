/** Jobs that wait for nothing: no node that is known may compute them, because kernels gave wrong answers in its self-test. */
import type { JobId } from "@releve/domain/ids";
import type { WaitingJob } from "@releve/ledger/dispatch/next-claim";
import { fits, type NodeWithSlots } from "@releve/ledger/dispatch/placement";
import type { NodeName } from "@releve/ledger/dispatch/rendezvous";
import type { Commit } from "@releve/ledger/event-log";
import type { KernelTested } from "@releve/ledger/events/node";

/** A node where the kernel is right may be starting again: only after that is the job given up. */
const refusedAfterMs = 120_000;

/** Of each application that a node with these results refuses: the kernels because of which it does. */
export type RefusedOf = (kernels: readonly KernelTested[]) => ReadonlyMap<string, readonly string[]>;

const keyOf = ({ site, node }: NodeName): string => `${site}/${node}`;

/** What the nodes' kernels gave when they joined. A node that left or was lost is not known, until it says so again. */
export class TestedNodes {
  readonly #kernels = new Map<string, readonly KernelTested[]>();

  /** Takes a commit of any stream. */
  take({ stream, events }: Commit): void {
    if (stream.kind !== "node") return;
    for (const { event } of events) {
      if (event.type === "NodeSelfTested") this.#kernels.set(keyOf(event), event.kernels);
      if (event.type === "NodeLeft" || event.type === "NodeLost") this.#kernels.delete(keyOf(event));
    }
  }

  of(node: NodeName): readonly KernelTested[] | undefined {
    return this.#kernels.get(keyOf(node));
  }
}

type Waiting = WaitingJob & { readonly application: string | undefined };

/** Pure. A node that never said what its kernels gave may be right; one that is too small for the job is not counted. */
export function refusedByAll(
  waiting: readonly Waiting[],
  nodes: readonly NodeWithSlots[],
  { tested, refusedOf, nowMs }: { tested: TestedNodes; refusedOf: RefusedOf; nowMs: number },
): readonly { readonly job: JobId; readonly reason: string }[] {
  const refusals = nodes.map((node) => ({ node, refused: refusedOf(tested.of(node) ?? []) }));
  return waiting.flatMap((job) => {
    if (nowMs - job.waitingSinceMs < refusedAfterMs) return [];
    const fitting = refusals.filter(({ node }) => fits(node, job));
    const kernels = fitting.map(({ node, refused }) =>
      tested.of(node) ? refused.get(job.application ?? "") : undefined,
    );
    if (kernels.length === 0 || kernels.includes(undefined)) return [];
    return [
      {
        job: job.job,
        reason: reasonOf(
          kernels.flatMap((names) => names ?? []),
          kernels.length,
        ),
      },
    ];
  });
}

function reasonOf(kernels: readonly string[], nodes: number): string {
  const names = [...new Set(kernels)].toSorted().join(", ");
  const all = nodes === 1 ? "The one node" : `Each of the ${nodes} nodes`;
  return `${all} with enough memory refuses the job: out of tolerance in the self-test, or not tested: ${names}.`;
}
