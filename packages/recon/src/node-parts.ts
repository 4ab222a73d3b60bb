/** What a node is made of: what it knows from the ledger, its voice there, and what runs on it. What it does is in files of its own. */
import { Attempts } from "./attempts.ts";
import { JobBoard } from "./job-board.ts";
import { LostStarts } from "./lost-starts.ts";
import type { NodeLoopDeps } from "./node-loop-deps.ts";
import { NodeVoice } from "./node-voice.ts";
import { ownNode, type OwnNode } from "./own-node.ts";
import { newTasks, type Tasks } from "./tasks.ts";

/** How a part reaches the loop that it belongs to. */
type Loop = {
  /** What the next heartbeat says may be different now. */
  readonly changed: () => void;
  /** There may be something to do: look now. */
  readonly wake: () => void;
  /** The node cannot go on. */
  readonly broken: (error: unknown) => void;
};

export type NodeParts = Loop & {
  readonly deps: NodeLoopDeps;
  readonly voice: NodeVoice;
  readonly board: JobBoard;
  readonly attempts: Attempts;
  readonly own: OwnNode;
  readonly lost: LostStarts;
  /** Whatever is said to the ledger is said by one of these, beside the loop, so that none of it holds the loop up. */
  readonly tasks: Tasks;
};

export function newNodeParts(deps: NodeLoopDeps, loop: Loop): NodeParts {
  const { clock, attempt, onFault, self } = deps;
  const voice = new NodeVoice(deps);
  const attempts = new Attempts({
    clock,
    attempt,
    end: (job, command, signal) => voice.end(job, command, signal),
    onFault,
    onChange: loop.changed,
    onBroken: loop.broken,
  });
  const board = new JobBoard(clock, self.incarnation);
  const lost = new LostStarts();
  return { ...loop, deps, voice, board, attempts, own: ownNode(self), lost, tasks: newTasks(loop.broken) };
}
