/**
 * The sessions of a node: those that it hosts and those that it stands by for. The epoch says who obeys whom: who comes
 * under a lower one than is known here is refused, who comes under a higher one takes over.
 *
 *   (none) --mirror--> standby --attach, higher epoch--> host --mirror, higher epoch--> standby
 *   (none) --attach--> host
 */
import type { Clock } from "@releve/domain/clock";
import type { Digest } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { Attach, FromStandby, Mirror, SessionPlace } from "@releve/wire/session/link-messages";
import { epochVerdict, laterView } from "@releve/wire/session/mirror";
import type { ViewState } from "@releve/wire/session/view-state";
import type { ClientOptions } from "ws";
import { HostedSession, type NamedRunner } from "./hosted-session.ts";
import { mirrorLink, type MirrorLink } from "./mirror-link.ts";
import type { VolumeShelf } from "./volume-shelf.ts";

export type SessionHostOptions = {
  readonly self: Pick<SessionPlace, "node" | "site">;
  readonly shelf: VolumeShelf;
  /** Called once, when the first session comes. */
  readonly openRunner: () => Promise<NamedRunner>;
  readonly sessionsMost: number;
  readonly clock: Clock;
  /** How to reach a standby. */
  readonly link: ClientOptions;
  readonly onFault: (error: unknown) => void;
  /** How many sessions it hosts or stands by for. */
  readonly onHeld: (held: number) => void;
};

type Standby = {
  readonly role: "standby";
  readonly epoch: number;
  readonly plan: Digest;
  readonly view: ViewState | null;
  lastMs: number;
};
type Host = {
  readonly role: "host";
  readonly epoch: number;
  readonly plan: Digest;
  /** Undefined once it was refused or ended. */
  readonly hosted: Promise<HostedSession | Refusal>;
  session: HostedSession | undefined;
  mirror: MirrorLink | undefined;
  lastMs: number;
};

/** A session that nobody looks at, and a mirror that nobody feeds, are given up after this; the ledger has the state. */
export const idleMs = 10 * 60_000;
const lookEveryMs = 30_000;

export class SessionHost {
  readonly #options: SessionHostOptions;
  readonly #sessions = new Map<string, Host | Standby>();
  readonly #looking: NodeJS.Timeout;
  #runner: Promise<NamedRunner> | undefined;

  constructor(options: SessionHostOptions) {
    this.#options = options;
    this.#looking = setInterval(() => this.#forgetIdle(), lookEveryMs);
    this.#looking.unref();
  }

  /** @returns the session, ready to show; a Refusal (STALE_EPOCH, NOT_THE_HOST, NODE_FULL, or the loader's). */
  async attach(hello: Attach): Promise<HostedSession | Refusal> {
    const known = this.#sessions.get(hello.session);
    if (!known && this.#isFull())
      return refusal("NODE_FULL", `This node holds ${this.#sessions.size} sessions already.`);
    const verdict = known ? epochVerdict(known.epoch, hello.epoch) : "takes-over";
    if (verdict === "stale") return staleEpoch();
    if (known && verdict === "same")
      return known.role === "host"
        ? this.#ready(known)
        : refusal("NOT_THE_HOST", "Under this epoch the session is at another node.");
    const host = this.#host(hello, laterView(viewOf(known), hello.view));
    this.#replace(hello.session, known, host);
    return this.#ready(host);
  }

  /** What another host wants kept here. */
  mirror({ session, epoch, plan, view }: Mirror): FromStandby {
    const known = this.#sessions.get(session);
    if (!known && this.#isFull()) return { type: "mirrored", applied: [] };
    if (known && isAhead(known, epoch)) return { type: "fenced", epoch: known.epoch };
    const kept = laterView(viewOf(known), view);
    const lastMs = this.#options.clock.nowMs();
    const standby: Standby = { role: "standby", epoch, plan: plan as Digest, view: kept, lastMs };
    if (known?.role === "standby" && known.plan === plan) this.#sessions.set(session, standby);
    else {
      this.#preload(standby.plan);
      this.#replace(session, known, standby);
    }
    return { type: "mirrored", applied: kept?.applied ?? [] };
  }

  #isFull(): boolean {
    return this.#sessions.size >= this.#options.sessionsMost;
  }

  /** What was here under a lower epoch ends; the new one has asked for its volume by itself. */
  #replace(session: string, known: Host | Standby | undefined, by: Host | Standby): void {
    if (known?.role === "host") this.#end(known, "STALE_EPOCH");
    this.#sessions.set(session, by);
    if (known) this.#options.shelf.release(known.plan);
    this.#options.onHeld(this.#sessions.size);
  }

  /** The ledger has these inputs. */
  recorded(session: string, applied: ViewState["applied"]): void {
    const known = this.#sessions.get(session);
    if (known?.role === "host") known.session?.kept(applied, "ledger");
  }

  close(): void {
    clearInterval(this.#looking);
    for (const known of this.#sessions.values()) if (known.role === "host") this.#end(known, "NODE_STOPS");
    this.#sessions.clear();
    void this.#runner?.then(
      (runner) => runner.close(),
      () => {},
    );
  }

  #host(hello: Attach, view: ViewState | null): Host {
    const plan = hello.plan as Digest;
    const host: Host = {
      role: "host",
      epoch: hello.epoch,
      plan,
      hosted: Promise.resolve().then(() => this.#open(host, hello, view)), // once it is known here
      session: undefined,
      mirror: undefined,
      lastMs: this.#options.clock.nowMs(),
    };
    return host;
  }

  async #open(host: Host, hello: Attach, view: ViewState | null): Promise<HostedSession | Refusal> {
    const { shelf, self, clock, onFault } = this.#options;
    const [volume, runner] = await Promise.all([shelf.take(host.plan), this.#openRunner()]);
    if (isRefusal(volume)) return volume;
    const opened = new HostedSession({
      epoch: host.epoch,
      volume,
      view: view ?? volume.home,
      runner,
      clock,
      host: self,
      standby: hello.standby && { node: hello.standby.node, site: hello.standby.site },
      mirror: (latest) => host.mirror?.tell(latest),
      onFault,
    });
    host.session = opened;
    if (this.#sessions.get(hello.session) === host) this.#mirrorTo(host, hello, opened);
    return opened;
  }

  #mirrorTo(host: Host, { session, standby }: Attach, opened: HostedSession): void {
    if (!standby) return;
    const { epoch, plan } = host;
    host.mirror = mirrorLink({
      url: standby.url,
      hello: { session, epoch, plan },
      link: this.#options.link,
      clock: this.#options.clock,
      onMirrored: (applied) => opened.kept(applied, "standby"),
      onFenced: () => this.#forget(session, host),
    });
    host.mirror.tell(opened.view);
  }

  /** A host that cannot open is forgotten, so that the next one who asks makes it try again. */
  async #ready(host: Host): Promise<HostedSession | Refusal> {
    host.lastMs = this.#options.clock.nowMs();
    const forget = () => {
      for (const [session, known] of this.#sessions) if (known === host) this.#forget(session, host);
    };
    try {
      const hosted = await host.hosted;
      if (isRefusal(hosted)) forget();
      return hosted;
    } catch (error) {
      forget();
      throw error;
    }
  }

  #openRunner(): Promise<NamedRunner> {
    this.#runner ??= this.#options.openRunner();
    return this.#runner;
  }

  /** The standby shall show its first picture at once: volume and kernels are there before they are asked for. */
  #preload(plan: Digest): void {
    Promise.all([this.#options.shelf.take(plan), this.#openRunner()]).catch(this.#options.onFault);
  }

  #forget(session: string, host: Host): void {
    this.#end(host, "STALE_EPOCH");
    if (this.#sessions.get(session) !== host) return;
    this.#sessions.delete(session);
    this.#options.shelf.release(host.plan);
    this.#tellHeld();
  }

  #end(host: Host, code: "STALE_EPOCH" | "NODE_STOPS"): void {
    host.mirror?.stop();
    host.session?.end(code, code === "STALE_EPOCH" ? staleEpoch().reason : "The node stops.");
  }

  #forgetIdle(): void {
    const nowMs = this.#options.clock.nowMs();
    for (const [session, known] of this.#sessions) {
      if (known.role === "host" && (known.session?.pages ?? 1) > 0) known.lastMs = nowMs;
      if (nowMs - known.lastMs < idleMs) continue;
      if (known.role === "host") this.#end(known, "NODE_STOPS");
      this.#sessions.delete(session);
      this.#options.shelf.release(known.plan);
    }
    this.#tellHeld();
  }

  #tellHeld(): void {
    this.#options.onHeld(this.#sessions.size);
  }
}

/** Of two hosts under one epoch neither mirrors the other. */
function isAhead(known: Host | Standby, epoch: number): boolean {
  const verdict = epochVerdict(known.epoch, epoch);
  return verdict === "stale" || (verdict === "same" && known.role === "host");
}

const viewOf = (known: Host | Standby | undefined): ViewState | null =>
  (known?.role === "host" ? known.session?.view : known?.view) ?? null;

const staleEpoch = (): Refusal => refusal("STALE_EPOCH", "The session has moved to another node since.");
