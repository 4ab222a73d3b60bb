/**
 * Starts of nodes that are lost, until they are heard again. Heard again is said by an observer, or by the ledger: a start
 * that it had as lost joined once more.
 */
import { sameNode } from "@releve/ledger/dispatch/rendezvous";
import type { Incarnation } from "@releve/ledger/dispatch/lost-nodes";
import type { Commit } from "@releve/ledger/event-log";
import type { NodeEvent } from "@releve/ledger/events/node";

/** A lost start holds jobs only for a moment: the latest ones are enough. */
const lostMax = 100;

export class LostStarts {
  #all: readonly Incarnation[] = [];
  /** Of which the ledger says so: a join that is older than the loss means nothing. */
  #recorded: readonly Incarnation[] = [];

  get all(): readonly Incarnation[] {
    return this.#all;
  }

  add(...lost: readonly Incarnation[]): void {
    const before = this.#all.filter((known) => !lost.some((one) => isSameStart(one, known)));
    this.#all = [...before, ...lost].slice(-lostMax);
  }

  remove(returned: Incarnation): void {
    this.#all = without(this.#all, returned);
  }

  /** Takes a commit of any stream. */
  take(commit: Commit): void {
    if (commit.stream.kind !== "node") return;
    for (const { event } of commit.events) this.#takeEvent(event as NodeEvent);
  }

  #takeEvent(event: NodeEvent): void {
    if ((event.type !== "NodeLost" && event.type !== "NodeJoined") || event.incarnation === undefined) return;
    const { node, site, incarnation } = event;
    const start = { node, site, incarnation };
    const wasLost = this.#recorded.some((lost) => isSameStart(lost, start));
    this.#recorded = without(this.#recorded, start);
    if (event.type === "NodeLost") this.#recorded = [...this.#recorded, start].slice(-lostMax);
    else if (wasLost) this.remove(start);
  }
}

export const isSameStart = (a: Incarnation, b: Incarnation): boolean =>
  sameNode(a, b) && a.incarnation === b.incarnation;
const without = (all: readonly Incarnation[], one: Incarnation) =>
  all.filter((start) => !isSameStart(start, one));
