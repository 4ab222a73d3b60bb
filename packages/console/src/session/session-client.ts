/**
 * The page's end of a session: says what the person does, predicts the view so that the hand is never behind, holds what is
 * not known to survive the node and says it again after a move. Without React and without a canvas.
 */
import { evolveView } from "@releve/wire/session/evolve-view";
import { decodeFrame, type FrameHeader } from "@releve/wire/session/frame-header";
import {
  keptUpTo,
  pendingAnnotations,
  toSendAgain,
  withPending,
  type PendingInputs,
} from "@releve/wire/session/mirror";
import {
  decodeText,
  hostMessageSchema,
  type HostMessage,
  type PageMessage,
} from "@releve/wire/session/page-messages";
import { sessionInputSchema, type SessionInput } from "@releve/wire/session/session-input";
import type { Viewport, ViewState } from "@releve/wire/session/view-state";
import type { PictureSize } from "@releve/wire/session/viewport-plane";

export type Told<Type extends HostMessage["type"]> = Extract<HostMessage, { type: Type }>;

/** What the page is in the middle of. */
export type Phase =
  | { readonly is: "connecting" }
  | { readonly is: "loading" }
  | { readonly is: "open" }
  /** The node is gone; another one takes over. */
  | { readonly is: "moving" }
  /** The server does not answer; it is tried again. */
  | { readonly is: "offline"; readonly sinceMs: number }
  /** Nobody has room; it is tried again by itself. */
  | { readonly is: "waiting"; readonly code: string; readonly reason: string }
  | { readonly is: "refused"; readonly code: string; readonly reason: string };

export type SessionSnapshot = {
  readonly phase: Phase;
  readonly opened: Told<"opened"> | undefined;
  /** As the person left it, what the node has not drawn yet included. */
  readonly view: ViewState | undefined;
  /** Annotations that would be lost with the node. */
  readonly pending: ReadonlySet<string>;
  readonly probed: Told<"probed"> | undefined;
  readonly statistics: ReadonlyMap<string, Told<"statistics">>;
  readonly moves: number;
  /** The sign-in has ended; the session waits for another one. */
  readonly signedOut: boolean;
};

export type Shown = { readonly header: FrameHeader; readonly picture: Blob };

/** The part of a WebSocket that is used, so that a test can be the server. */
export type Socket = Pick<WebSocket, "send" | "close" | "readyState" | "binaryType"> & EventTarget;

export type SessionClientOptions = {
  readonly page: string;
  readonly connect: () => Socket;
  /** Told of each frame; says when it was painted or passed over. */
  readonly onFrame: (shown: Shown, painted: () => void) => void;
  readonly nowMs?: () => number;
};

/** What passes by itself: somebody ends a session, or the ledger has a leader again. */
const passing: ReadonlySet<string> = new Set(["SATURATED", "NODE_FULL", "LEDGER_UNREACHABLE", "VOLUME_AWAY"]);
const askAgainMs = 5_000;
const [firstPauseMs, longestPauseMs] = [250, 3_000] as const;
const isOpen = 1;
/** The API closes the stream of who is signed in no more. */
const signedOutCode = 4401;

export class SessionClient {
  readonly #options: SessionClientOptions;
  readonly #listeners = new Set<() => void>();
  readonly #sizes = new Map<Viewport, PictureSize>();
  #snapshot: SessionSnapshot = {
    phase: { is: "connecting" },
    opened: undefined,
    view: undefined,
    pending: new Set(),
    probed: undefined,
    statistics: new Map(),
    moves: 0,
    signedOut: false,
  };
  #unkept: PendingInputs = [];
  #sequence = 0;
  #socket: Socket | undefined;
  #pauseMs: number = firstPauseMs;
  #again: ReturnType<typeof setTimeout> | undefined;
  #probes = 0;
  #probing = false;
  #stopped = false;

  constructor(options: SessionClientOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): SessionSnapshot => this.#snapshot;

  start(): void {
    this.#stopped = false;
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#again);
    this.#drop();
  }

  /** At the person's wish, also where it was refused. */
  readonly retry = (): void => {
    clearTimeout(this.#again);
    this.#drop();
    this.#connect();
  };

  readonly input = (input: SessionInput): void => {
    const { view } = this.#snapshot;
    // What the hand overdid, as a drag across two screens in one movement, the server would not take.
    if (!view || !sessionInputSchema.safeParse(input).success) return;
    const numbered = { page: this.#options.page, sequence: (this.#sequence += 1), input };
    this.#unkept = withPending(this.#unkept, numbered);
    this.#change({ view: evolveView(view, numbered), pending: pendingAnnotations(this.#unkept) });
    this.#say({ type: "input", ...numbered });
  };

  readonly resize = (viewport: Viewport, size: PictureSize | undefined): void => {
    if (size) this.#sizes.set(viewport, size);
    else this.#sizes.delete(viewport);
    this.#say({ type: "size", viewport, size: size ?? null });
  };

  /** One at a time: the hand is faster than the answers, and only where it rests counts. */
  readonly probe = (pointLps: readonly [number, number, number]): void => {
    if (this.#probing || this.#snapshot.phase.is !== "open") return;
    this.#probing = true;
    this.#say({ type: "probe", id: (this.#probes += 1), pointLps });
  };

  #connect(): void {
    const socket = this.#options.connect();
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    socket.addEventListener("open", () =>
      socket.send(JSON.stringify({ type: "hello", page: this.#options.page })),
    );
    socket.addEventListener("message", (event) => {
      const { data } = event as MessageEvent<unknown>;
      if (typeof data === "string") this.#hear(decodeText(hostMessageSchema, data));
      else this.#show(new Uint8Array(data as ArrayBuffer));
    });
    socket.addEventListener("close", (event) => this.#closed(socket, (event as CloseEvent).code));
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #closed(socket: Socket, code: number): void {
    if (this.#stopped || socket !== this.#socket) return;
    if (code === signedOutCode) this.#change({ signedOut: true });
    this.#socket = undefined;
    this.#probing = false;
    const { phase } = this.#snapshot;
    if (phase.is === "refused") return;
    const sinceMs = phase.is === "offline" ? phase.sinceMs : (this.#options.nowMs ?? Date.now)();
    if (phase.is !== "waiting") this.#change({ phase: { is: "offline", sinceMs } });
    const pauseMs = phase.is === "waiting" ? askAgainMs : this.#pauseMs;
    this.#pauseMs = Math.min(longestPauseMs, 2 * this.#pauseMs);
    this.#again = setTimeout(() => this.#connect(), pauseMs);
  }

  #hear(message: HostMessage | undefined): void {
    if (message) (this.#hearings[message.type] as (one: HostMessage) => void)(message);
  }

  /** A message that is missing here does not compile. */
  readonly #hearings: { readonly [Type in HostMessage["type"]]: (message: Told<Type>) => void } = {
    loading: () => (this.#snapshot.opened ? undefined : this.#change({ phase: { is: "loading" } })),
    opened: (message) => this.#opened(message),
    view: ({ epoch, view }) =>
      this.#isStale(epoch) ? undefined : this.#change({ view: this.#predicted(view) }),
    kept: ({ sequence }) => {
      this.#unkept = keptUpTo(this.#unkept, sequence);
      this.#change({ pending: pendingAnnotations(this.#unkept) });
    },
    probed: (probed) => {
      this.#probing = false;
      this.#change({ probed });
    },
    statistics: (found) =>
      this.#change({ statistics: new Map(this.#snapshot.statistics).set(found.annotation, found) }),
    moving: () => {
      this.#probing = false;
      this.#change({ phase: { is: "moving" }, moves: this.#snapshot.moves + 1 });
    },
    refused: ({ code, reason }) =>
      this.#change({ phase: { is: passing.has(code) ? "waiting" : "refused", code, reason } }),
  };

  /** A node that was left and does not know it. */
  readonly #isStale = (epoch: number): boolean => epoch < (this.#snapshot.opened?.epoch ?? 0);

  #opened(opened: Told<"opened">): void {
    if (this.#isStale(opened.epoch)) return;
    this.#pauseMs = firstPauseMs;
    this.#change({ phase: { is: "open" }, signedOut: false, opened, view: this.#predicted(opened.view) });
    for (const [viewport, size] of this.#sizes) this.#say({ type: "size", viewport, size });
    for (const input of toSendAgain(this.#unkept, this.#options.page, opened.view))
      this.#say({ type: "input", ...input });
  }

  #predicted(view: ViewState): ViewState {
    return toSendAgain(this.#unkept, this.#options.page, view).reduce(evolveView, view);
  }

  #show(bytes: Uint8Array<ArrayBuffer>): void {
    const frame = decodeFrame(bytes);
    if (!frame) return;
    const painted = () => this.#say({ type: "painted", frame: frame.header.frame });
    if (this.#isStale(frame.header.epoch)) return painted();
    const type = frame.header.encoding === "png-lossless" ? "image/png" : `image/${frame.header.encoding}`;
    return this.#options.onFrame(
      { header: frame.header, picture: new Blob([frame.picture], { type }) },
      painted,
    );
  }

  #say(message: PageMessage): void {
    if (this.#socket?.readyState === isOpen) this.#socket.send(JSON.stringify(message));
  }

  #change(by: Partial<SessionSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...by };
    for (const listener of this.#listeners) listener();
  }
}
