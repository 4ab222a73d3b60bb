/**
 * One page's view of a session: what the page says goes to the node, frames come back; when the node is lost the session goes
 * on at its standby under the next epoch, and the page hears of it in one word. Nothing is queued here: what may have been lost
 * the page says again.
 *
 *   connecting --opened--> showing --lost--> connecting (the same node once, then the standby, then any other)
 *        |  tries exhausted, refused
 *        +--> ended
 */
import type { Clock } from "@releve/domain/clock";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { FromHost, SessionPlace } from "@releve/wire/session/link-messages";
import type { HostMessage } from "@releve/wire/session/page-messages";
import type { ViewState } from "@releve/wire/session/view-state";
import type { ClientOptions } from "ws";
import type { LiveNode } from "../api-context.ts";
import { choosePlaces, chooseStandby, placeKey, placeNow } from "./choose-places.ts";
import { linkToNode, type NodeLink } from "./node-link.ts";
import type { MoveReason, SessionLedger, SessionNow } from "./session-ledger.ts";

export type PageStreamOptions = {
  readonly page: string;
  readonly now: SessionNow;
  readonly needBytes: number;
  readonly ledger: SessionLedger;
  readonly nodes: () => readonly LiveNode[];
  readonly site: string;
  readonly link: ClientOptions;
  readonly clock: Clock;
  readonly tell: (message: HostMessage) => void;
  /** A message of the host for the page, as it came. */
  readonly pass: (text: string) => void;
  readonly show: (frame: Buffer) => void;
  /** The page is told why before. */
  readonly end: () => void;
  readonly onFault: (error: unknown) => void;
};

/** Nodes that fail one after the other: then it is not the nodes. */
const movesMost = 4;
/** A session that has shown a picture for this long starts counting anew. */
const stableAfterMs = 10_000;
/** The ledger may be without a leader for some seconds when a site is lost. */
const [recordTries, recordPauseMs] = [20, 500] as const;

export class PageStream {
  readonly #options: PageStreamOptions;
  #now: SessionNow;
  #link: NodeLink | undefined;
  #ended = false;
  #moves = 0;
  #openedMs = 0;
  #triedSameAgain = false;
  /** From where the session was taken over, until the ledger knows. */
  #unrecorded: { readonly from: SessionNow; readonly reason: MoveReason } | undefined;
  #keeping = false;
  #toKeep: ViewState | undefined;
  readonly #failed = new Set<string>();

  constructor(options: PageStreamOptions) {
    this.#options = options;
    this.#now = options.now;
  }

  start(): void {
    const place = placeNow(this.#options.nodes(), this.#now.host);
    if (place) this.#connect(place);
    else this.#moveOn();
  }

  /** A message of the page that was judged to be one. */
  say(text: string): void {
    this.#link?.send(text);
  }

  stop(): void {
    this.#ended = true;
    this.#link?.drop();
  }

  #connect(place: SessionPlace): void {
    const { page, link, nodes, pass, show } = this.#options;
    const { session, epoch, plan, standby, view } = this.#now;
    const standbyNow = standby ? (placeNow(nodes(), standby) ?? null) : null;
    this.#link?.drop();
    this.#link = linkToNode(
      place.url,
      { type: "attach", session, epoch, page, plan, standby: standbyNow, view },
      link,
      {
        onText: (message, text) => this.#hear(message, () => pass(text)),
        onFrame: show,
        onLost: () => this.#lost(place),
      },
    );
  }

  #hear(message: FromHost, pass: () => void): void {
    if (message.type === "checkpoint") return this.#keep(message.view);
    if (message.type === "refused") return void this.#refusedBy(message.code, pass);
    if (message.type === "opened") {
      this.#openedMs = this.#options.clock.nowMs();
      this.#triedSameAgain = false;
      if (this.#unrecorded) void this.#record();
    }
    return pass();
  }

  /** Another API moved it, or the node stops or is full: the ledger knows where it is, or it goes elsewhere. */
  async #refusedBy(code: string, pass: () => void): Promise<void> {
    this.#link?.drop();
    if (code === "NODE_FULL" || code === "NODE_STOPS") return this.#moveOn();
    if (code !== "STALE_EPOCH" && code !== "NOT_THE_HOST") {
      pass();
      return this.#end();
    }
    this.#unrecorded = undefined;
    return this.#followLedger();
  }

  async #followLedger(): Promise<void> {
    const { ledger, clock, tell } = this.#options;
    if (!this.#mayMove()) return undefined;
    tell({ type: "moving", reason: "rebalance" });
    await clock.wait(recordPauseMs);
    const now = await ledger.now(this.#now.session).catch(() => undefined);
    if (this.#ended) return undefined;
    if (!now || isRefusal(now)) return this.#refuse(now ?? gone());
    this.#now = now;
    return this.start();
  }

  #lost(place: SessionPlace): void {
    if (this.#ended) return;
    const still = placeNow(this.#options.nodes(), this.#now.host);
    if (!this.#triedSameAgain && still?.url === place.url) {
      this.#triedSameAgain = true;
      return this.#connect(place);
    }
    this.#failed.add(placeKey(place));
    this.#moveOn();
  }

  #mayMove(): boolean {
    const nowMs = this.#options.clock.nowMs();
    if (this.#openedMs > 0 && nowMs - this.#openedMs > stableAfterMs) {
      this.#moves = 0;
      this.#failed.clear();
    }
    this.#moves += 1;
    if (this.#moves <= movesMost) return true;
    this.#refuse(gone());
    return false;
  }

  /** To the standby, which has the state and the volume, without asking the ledger first; else to whoever has room. */
  #moveOn(): void {
    if (this.#ended || !this.#mayMove()) return;
    const { nodes, site, needBytes } = this.#options;
    const from = this.#now;
    this.#failed.add(placeKey(from.host));
    const reason = this.#reasonToLeave(from);
    this.#options.tell({ type: "moving", reason });
    const wanted = { nodes: nodes(), site, needBytes, without: this.#failed };
    const standby =
      from.standby && !this.#failed.has(placeKey(from.standby))
        ? placeNow(wanted.nodes, from.standby)
        : undefined;
    if (standby) {
      this.#now = { ...from, epoch: from.epoch + 1, host: standby, standby: chooseStandby(wanted, standby) };
      this.#unrecorded = { from, reason };
      return this.#connect(standby);
    }
    const places = choosePlaces(wanted);
    if (isRefusal(places)) return this.#refuse(places);
    this.#now = { ...from, epoch: from.epoch + 1, ...places };
    this.#unrecorded = { from, reason };
    // This one has nothing but what the ledger has: so the ledger comes first.
    return void this.#record().then((isRecorded) => (isRecorded ? this.#connect(places.host) : undefined));
  }

  #reasonToLeave({ host }: SessionNow): MoveReason {
    const there = this.#options.nodes().filter(({ site }) => site === host.site);
    const isSiteLost = there.every(({ status }) => status === "lost" || status === "suspect");
    return isSiteLost ? "site-lost" : "node-lost";
  }

  /** @returns whether the ledger has the move; where it says that another API was first, that one is followed. */
  async #record(): Promise<boolean> {
    const { ledger, clock, onFault } = this.#options;
    const moving = this.#unrecorded;
    const to = this.#now;
    if (!moving) return true;
    for (let tries = 0; tries < recordTries && !this.#ended && this.#unrecorded === moving; tries++) {
      const refused = await ledger.move(moving.from, to, moving.reason).catch((error: unknown) => {
        onFault(error);
        return refusal("LEDGER_UNREACHABLE", "The ledger does not answer.");
      });
      if (!refused) {
        this.#unrecorded = undefined;
        this.#keepNext();
        return true;
      }
      if (!mayPass.has(refused.refused)) {
        this.#link?.drop();
        this.#unrecorded = undefined;
        await this.#followLedger();
        return false;
      }
      await clock.wait(recordPauseMs);
    }
    return false;
  }

  /** The latest state that settled; one at a time, and after the move that leads to it. */
  #keep(view: ViewState): void {
    this.#toKeep = view;
    this.#keepNext();
  }

  #keepNext(): void {
    if (this.#keeping || this.#unrecorded || !this.#toKeep) return;
    const view = this.#toKeep;
    this.#toKeep = undefined;
    this.#keeping = true;
    void this.#keepOne(view).finally(() => {
      this.#keeping = false;
      if (!this.#ended) this.#keepNext();
    });
  }

  async #keepOne(view: ViewState): Promise<void> {
    const now = this.#now;
    try {
      const refused = await this.#options.ledger.keep(now, view);
      if (refused) return;
      if (this.#now.epoch === now.epoch) this.#now = { ...this.#now, view };
      this.#link?.send(JSON.stringify({ type: "recorded", applied: view.applied }));
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  #refuse({ refused, reason }: Refusal): void {
    this.#options.tell({ type: "refused", code: refused, reason });
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.stop();
    this.#options.end();
  }
}

/** EPOCH_AHEAD: another API has a move of before to record. */
const mayPass: ReadonlySet<string> = new Set(["LEDGER_UNREACHABLE", "EPOCH_AHEAD"]);

const gone = (): Refusal => refusal("SESSION_LOST", "No node could take over the session.");
