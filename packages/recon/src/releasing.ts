/** What lost nodes held goes back, each job with the token that was seen: every observer says so, and one release counts. */
import type { JobId } from "@releve/domain/ids";
import { releasesOfLost, type Release } from "@releve/ledger/dispatch/lost-nodes";
import { sameNode } from "@releve/ledger/dispatch/rendezvous";
import type { Version } from "@releve/ledger/event-log";
import type { Claiming } from "./claiming.ts";
import type { NodeParts } from "./node-parts.ts";
import type { OpenJob } from "./open-jobs.ts";

export class Releasing {
  readonly #parts: NodeParts;
  readonly #claiming: Claiming;
  /** Releases that were answered, by the token's version, until the job's next commit arrives. */
  readonly #released = new Map<JobId, Version>();

  constructor(parts: NodeParts, claiming: Claiming) {
    this.#parts = parts;
    this.#claiming = claiming;
  }

  /** What an earlier start of this node still holds is lost: this start has none of it. */
  loseEarlierStarts(): void {
    const { deps, board, lost } = this.#parts;
    const { node, site } = deps.self;
    const earlier = board
      .held()
      .filter((claim) => sameNode(claim, deps.self) && claim.incarnation !== deps.self.incarnation);
    lost.add(...earlier.map(({ incarnation = "" }) => ({ node, site, incarnation })));
  }

  releaseLost(): void {
    const { board, lost, tasks } = this.#parts;
    for (const release of releasesOfLost(board.held(), lost.all)) {
      const { job, command } = release;
      if (this.#released.get(job) === command.token.version) continue;
      tasks.start(`release ${job}`, () => this.#release(release));
    }
  }

  async #release({ job, command }: Release): Promise<void> {
    const { voice, attempts } = this.#parts;
    if (!(await voice.ofJob(job, command))) return;
    this.#released.set(job, command.token.version);
    if (attempts.ahead().some((ahead) => ahead.job === job)) this.#claiming.start(job);
  }

  /** A commit of the job came. */
  saw(job: JobId, now: OpenJob | undefined): void {
    this.#released.delete(job);
    this.#trustClaim(now);
  }

  /**
   * A start that others hear and that claims, though it is silent here, works: only the line from it to here is cut. Without
   * this its claims would be released as fast as it makes them, until their jobs were given up.
   */
  #trustClaim(now: OpenJob | undefined): void {
    if (now?.status !== "claimed" || now.incarnation === undefined) return;
    const { deps, lost } = this.#parts;
    const { node, site, incarnation } = now;
    const start = { node, site, incarnation };
    if (deps.isHeardElsewhere?.(start)) lost.remove(start);
  }
}
