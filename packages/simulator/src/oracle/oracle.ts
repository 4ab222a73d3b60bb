/**
 * The judge of a simulation. It sees what is committed, what writers were told, what attempts and the PACS did; it knows
 * nothing of the code under test. Whatever must hold is checked at the moment at which it could first be broken.
 */
import type { AppendOutcome, Commit } from "@releve/ledger/event-log";
import type { StoredEntry } from "../stream/replica-disk.ts";
import { followDelivery, newDeliveryRecord, type DeliveryRecord } from "./delivery-rules.ts";
import type { Disturbances } from "./disturbances.ts";
import { followJob, newJobRecord, type JobRecord, type Produced } from "./job-rules.ts";
import { followNode, newNodeRecord, type NodeRecord } from "./node-rules.ts";
import { rawCommit, type RawCommit } from "./raw-commit.ts";
import type { Violations } from "./violations.ts";

export type OracleDeps = {
  readonly nowMs: () => number;
  readonly violations: Violations;
  readonly disturbances: Disturbances;
  readonly onCommit: (commit: RawCommit) => void;
};

/** Told of every append: which process heard it, the message's first event id, and what it was told. */
export type Answered = {
  readonly by: string;
  readonly subject: string;
  readonly firstEventId: string;
  readonly outcome: AppendOutcome;
};

export class Oracle {
  readonly jobs = new Map<string, JobRecord>();
  readonly deliveries = new Map<string, DeliveryRecord>();
  readonly nodes = new Map<string, NodeRecord>();
  /** What a requester was told is accepted. */
  readonly accepted = new Set<string>();
  readonly #deps: OracleDeps;
  readonly #entries: StoredEntry[] = [];
  readonly #messages: StoredEntry[] = [];
  readonly #eventIds = new Set<string>();
  readonly #firstIds = new Map<string, number>();
  readonly #acknowledged = new Map<string, number>();
  readonly #told = new Set<number>();
  readonly #refused = new Set<string>();
  readonly #bySubject = new Map<string, number[]>();
  readonly #produced = new Map<string, Produced>();
  readonly #running = new Map<string, number>();
  readonly #pacs = new Map<string, string>();
  readonly #atPacs = new Set<string>();

  constructor(deps: OracleDeps) {
    this.#deps = deps;
  }

  violated(what: string): void {
    this.#deps.violations.add(`${this.#deps.nowMs().toFixed(0)} ms: ${what}`);
  }

  // ---- The stream

  /** Every replica tells each entry as it learns that it is committed; they must tell the same. */
  committed(entry: StoredEntry, place: number): void {
    const known = this.#entries[place];
    if (known) return known === entry ? undefined : this.violated(`the model's replicas differ at ${place}`);
    if (place !== this.#entries.length)
      return this.violated(`the model commits ${place} before ${this.#entries.length}`);
    this.#entries.push(entry);
    const commit = rawCommit(entry);
    if (commit) this.#take(entry, commit);
  }

  answered({ by, subject, firstEventId, outcome }: Answered): void {
    const landed = this.#firstIds.get(firstEventId);
    if (!outcome.appended) {
      this.#refused.add(firstEventId);
      if (landed !== undefined)
        this.violated(`${by} was told of a conflict on ${subject}, but its commit is number ${landed}`);
      return;
    }
    if (landed !== outcome.version)
      this.violated(`${by} was told that its commit to ${subject} is ${outcome.version}, it is ${landed}`);
    else {
      this.#acknowledged.set(firstEventId, landed);
      this.#told.add(landed);
    }
  }

  /** A read gives the stream's commits without a gap, from where it was asked to begin; the youngest may be missing. */
  read(by: string, subject: string, after: number, commits: readonly Commit[]): void {
    const all = (this.#bySubject.get(subject) ?? []).filter((seq) => seq > after);
    const differs = commits.findIndex(({ version }, index) => version !== all[index]);
    if (differs >= 0)
      this.violated(`${by} read ${subject} with ${commits[differs]!.version} in place of ${all[differs]}`);
  }

  // ---- Work

  attemptStarted(incarnation: string, job: string, slots: number): void {
    const { completed, claim, claimants } = this.jobs.get(job) ?? newJobRecord();
    const anyLost = [...claimants].some((one) => this.#mayBeLost(one, one)); // then it may be ahead of the ledger
    if (claim && !claimants.has(incarnation) && !anyLost)
      this.violated(`${incarnation} computes job ${job}, which ${claim.incarnation} holds`);
    if (completed?.incarnation === incarnation && this.#told.has(completed.version))
      this.violated(`${incarnation} computes job ${job} again, of which it was told that it completed it`);
    const running = (this.#running.get(incarnation) ?? 0) + 1;
    this.#running.set(incarnation, running);
    if (running > slots) this.violated(`${incarnation} computes ${running} jobs in ${slots} slots`);
  }

  attemptEnded(incarnation: string): void {
    this.#running.set(incarnation, (this.#running.get(incarnation) ?? 0) - 1);
  }

  produced(digest: string, by: Produced): void {
    this.#produced.set(digest, by);
  }

  storedAtPacs(sopInstanceUid: string, digest: string): void {
    const known = this.#pacs.get(sopInstanceUid);
    if (known !== undefined && known !== digest)
      this.violated(`the PACS got other bytes under ${sopInstanceUid}`);
    const job = this.#produced.get(digest)?.job ?? "";
    if (!this.jobs.get(job)?.outputs.includes(digest))
      this.violated("the PACS got bytes that no completion names");
    this.#pacs.set(sopInstanceUid, digest);
    this.#atPacs.add(digest);
  }

  /** A node's word that its result was refused as stale, though it is the one that is recorded. */
  toldStale(job: string, by: string): void {
    const record = this.jobs.get(job);
    if (
      record?.status === "completed" &&
      record.outputs.some((digest) => this.#produced.get(digest)?.incarnation === by)
    )
      this.violated(`${by} was told that its recorded completion is stale`);
  }

  // ---- The end

  /** True when nothing is open any more of what was accepted. */
  allDone(expectedJobs: number): boolean {
    if (this.accepted.size < expectedJobs) return false;
    for (const { status } of this.jobs.values())
      if (status === "waiting" || status === "claimed") return false;
    return this.#undelivered().length === 0;
  }

  finish(expectedJobs: number): void {
    if (this.accepted.size < expectedJobs)
      this.violated(`only ${this.accepted.size} of ${expectedJobs} jobs were accepted`);
    for (const id of this.accepted) if (!this.jobs.has(id)) this.violated(`accepted job ${id} is lost`);
    for (const [id, { status }] of this.jobs)
      if (status === "waiting" || status === "claimed") this.violated(`job ${id} is still ${status}`);
    for (const id of this.#undelivered()) this.violated(`the result of job ${id} never reached the PACS`);
    for (const [id, seq] of this.#acknowledged)
      if (this.#firstIds.get(id) !== seq) this.violated(`acknowledged commit ${seq} is lost`);
  }

  messages(): readonly StoredEntry[] {
    return this.#messages;
  }

  #undelivered(): string[] {
    return [...this.jobs]
      .filter(
        ([, job]) => job.status === "completed" && !job.outputs.every((digest) => this.#atPacs.has(digest)),
      )
      .map(([id]) => id);
  }

  #take(entry: StoredEntry, commit: RawCommit): void {
    this.#messages.push(entry);
    for (const id of commit.eventIds) {
      if (this.#eventIds.has(id)) this.violated(`event ${id} is there twice`);
      this.#eventIds.add(id);
    }
    if (this.#refused.has(commit.eventIds[0]!))
      this.violated(`commit ${commit.seq} came after its writer was told of a conflict`);
    this.#firstIds.set(commit.eventIds[0]!, commit.seq);
    const { subject } = entry.message!;
    this.#bySubject.set(subject, [...(this.#bySubject.get(subject) ?? []), commit.seq]);
    this.#follow(commit);
    this.#deps.onCommit(commit);
  }

  #mayBeLost(node: string, incarnation: string): boolean {
    return this.#deps.disturbances.touched([incarnation, `site-${node[0]}`, "all"]);
  }

  #follow(commit: RawCommit): void {
    const violated = (what: string) => this.violated(what);
    const mayBeLost = (node: string, incarnation: string) => this.#mayBeLost(node, incarnation);
    if (commit.kind === "job")
      followJob(taken(this.jobs, commit.id, newJobRecord), commit, {
        violated,
        mayBeLost,
        producedBy: (digest) => this.#produced.get(digest),
      });
    if (commit.kind === "node")
      followNode(taken(this.nodes, commit.id, newNodeRecord), commit, { violated, mayBeLost });
    if (commit.kind === "delivery")
      followDelivery(taken(this.deliveries, commit.id, newDeliveryRecord), commit, {
        violated,
        outputsOf: (job) =>
          this.jobs.get(job)?.status === "completed" ? this.jobs.get(job)!.outputs : undefined,
        isAtPacs: (digest) => this.#atPacs.has(digest),
      });
  }
}

function taken<Value>(from: Map<string, Value>, key: string, make: () => Value): Value {
  const known = from.get(key);
  if (known) return known;
  const made = make();
  from.set(key, made);
  return made;
}
