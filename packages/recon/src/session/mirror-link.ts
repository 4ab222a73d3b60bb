/**
 * Keeps a standby up to date: the latest state, one under way at a time. It connects again for as long as the session is
 * here; a standby that is away costs the session nothing but its safety, which the page shows.
 */
import type { Clock } from "@releve/domain/clock";
import {
  fromStandbySchema,
  linkMessageBytesMost,
  type FromStandby,
  type Mirror,
} from "@releve/wire/session/link-messages";
import { decodeText } from "@releve/wire/session/page-messages";
import type { ViewState } from "@releve/wire/session/view-state";
import { WebSocket, type ClientOptions } from "ws";
import { textIn } from "./text-socket.ts";

export type MirrorLinkOptions = {
  readonly url: string;
  readonly hello: Omit<Mirror, "type" | "view">;
  readonly link: ClientOptions;
  readonly clock: Clock;
  readonly onMirrored: (applied: ViewState["applied"]) => void;
  /** The other one hosts the session under a higher epoch. */
  readonly onFenced: (epoch: number) => void;
};

export type MirrorLink = { readonly tell: (view: ViewState) => void; readonly stop: () => void };

const [firstPauseMs, longestPauseMs] = [250, 5_000] as const;

export function mirrorLink(options: MirrorLinkOptions): MirrorLink {
  const stopping = new AbortController();
  let latest: ViewState | null = null;
  let waiting = true;
  let underWay = false;
  let socket: WebSocket | undefined;

  const push = (): void => {
    if (underWay || !waiting || socket?.readyState !== WebSocket.OPEN) return;
    [underWay, waiting] = [true, false];
    socket.send(JSON.stringify({ type: "mirror", ...options.hello, view: latest } satisfies Mirror));
  };
  const take = (message: FromStandby | undefined): void => {
    if (message?.type === "fenced") return options.onFenced(message.epoch);
    underWay = false;
    if (message) options.onMirrored(message.applied);
    push();
  };
  const once = (): Promise<boolean> =>
    new Promise((resolve) => {
      const opened = new WebSocket(options.url, { ...options.link, maxPayload: linkMessageBytesMost });
      let isOpen = false;
      socket = opened;
      opened.on("open", () => {
        isOpen = true;
        [underWay, waiting] = [false, true];
        push();
      });
      opened.on("message", (data, isBinary) => {
        take(decodeText(fromStandbySchema, textIn(data, isBinary) ?? ""));
      });
      opened.on("error", () => {}); // "close" follows, and the link is made again
      opened.on("close", () => resolve(isOpen));
    });
  void keepOpen(once, options.clock, stopping.signal);
  return {
    tell: (view) => {
      latest = view;
      waiting = true;
      push();
    },
    stop: () => {
      stopping.abort();
      socket?.terminate();
    },
  };
}

async function keepOpen(once: () => Promise<boolean>, clock: Clock, signal: AbortSignal): Promise<void> {
  let pauseMs: number = firstPauseMs;
  while (!signal.aborted) {
    const wasOpen = await once();
    pauseMs = wasOpen ? firstPauseMs : Math.min(longestPauseMs, 2 * pauseMs);
    await clock.wait(pauseMs, signal);
  }
}
