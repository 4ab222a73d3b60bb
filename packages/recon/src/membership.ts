/** The node in the ledger's list of nodes: it joins, joins again when others declared it lost while it lives, and leaves. */
import type { NodeParts } from "./node-parts.ts";

export class Membership {
  readonly #parts: NodeParts;
  #joined = false;

  constructor(parts: NodeParts) {
    this.#parts = parts;
  }

  get joined(): boolean {
    return this.#joined;
  }

  /** At the start, and again when others declared it lost while it lives: it may have been cut off, and fencing covers that. */
  join(): void {
    const { own, tasks } = this.#parts;
    if (this.#joined && (!own.isMissing() || own.draining())) return;
    tasks.start("join", () => this.#sayJoin());
  }

  async #sayJoin(): Promise<void> {
    const { deps, voice, changed } = this.#parts;
    const { self, slots, engine, memoryBytes, selfTest } = deps;
    const tested = selfTest ? { kernels: selfTest.kernels } : {};
    const told = await voice.ofNode(self, { type: "join", ...self, slots, engine, memoryBytes, ...tested });
    const isFirst = told && !this.#joined;
    this.#joined ||= told;
    if (isFirst) changed();
  }

  /** Gives back what it holds, and leaves. */
  async leave(): Promise<void> {
    const { deps, voice, attempts, own, tasks } = this.#parts;
    await tasks.settled();
    const reason = own.draining() ? "drain" : "shutdown";
    const releases = attempts
      .held()
      .map(({ job, token }) => voice.ofJob(job, { type: "release", token, reason }));
    await Promise.all([attempts.dropAll(), ...releases]);
    const { self } = deps;
    await voice.ofNode(self, { type: "leave", incarnation: self.incarnation });
  }
}
