/** What each commit of the ledger means for this node: for itself, for the jobs that it knows, and for the attempts that run here. */
import { Fault } from "@releve/domain/fault";
import type { JobId } from "@releve/domain/ids";
import type { Commit, Version } from "@releve/ledger/event-log";
import { jobStream } from "@releve/ledger/streams";
import type { Attempts } from "./attempts.ts";
import type { NodeParts } from "./node-parts.ts";
import { tellFault } from "./node-voice.ts";
import type { Applied, OpenJob } from "./open-jobs.ts";
import type { Releasing } from "./releasing.ts";

const saidMax = 100;

export class CommitTaker {
  readonly #parts: NodeParts;
  readonly #releasing: Releasing;
  /** Jobs that had ended, were forgotten and go on: each is read from its beginning. */
  readonly #forgotten = new Set<JobId>();
  readonly #said = new Set<string>();

  constructor(parts: NodeParts, releasing: Releasing) {
    this.#parts = parts;
    this.#releasing = releasing;
  }

  /** Takes a commit of any stream. */
  take(commit: Commit): void {
    const { lost, own, board, changed } = this.#parts;
    lost.take(commit);
    if (own.apply(commit)) changed();
    const applied = board.take(commit);
    if (applied) this.#takeJob(applied, commit.version);
  }

  #takeJob(applied: Applied, version: Version): void {
    const { attempts, wake } = this.#parts;
    const now = "now" in applied ? applied.now : undefined;
    if ("readAgain" in applied) this.#forgotten.add(applied.job);
    if ("leftAlone" in applied) this.#sayLeftAlone(applied.leftAlone);
    this.#releasing.saw(applied.job, now);
    attempts.saw(applied.job, version, this.#heldBy(now));
    wake();
  }

  #heldBy(now: OpenJob | undefined): Parameters<Attempts["saw"]>[2] {
    if (now?.status !== "claimed") return now ? "waiting" : "ended";
    return { claim: now.token, isOwn: now.incarnation === this.#parts.deps.self.incarnation };
  }

  #sayLeftAlone(why: string): void {
    if (this.#said.has(why) || this.#said.size >= saidMax) return;
    this.#said.add(why);
    const message = `Jobs that hold what this version cannot read are left to other nodes: ${why}.`;
    this.#parts.deps.onFault(new Fault("JOB_NOT_UNDERSTOOD", message, "later"));
  }

  readForgotten(): void {
    for (const job of this.#forgotten) this.#parts.tasks.start(`read ${job}`, () => this.#readAgain(job));
  }

  async #readAgain(job: JobId): Promise<void> {
    const { deps, board } = this.#parts;
    const read = deps.log.read(jobStream(job));
    const commits = await read.catch((error: unknown) => tellFault(error, deps.onFault));
    const last = commits?.at(-1);
    if (!commits || !last) return;
    this.#forgotten.delete(job);
    const applied = board.restore(job, commits);
    if (applied) this.#takeJob(applied, last.version);
  }
}
