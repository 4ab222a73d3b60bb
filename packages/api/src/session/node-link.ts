/** One page's link to the node that hosts its session: made within a limit, and given up when the node falls silent. */
import { frameBytesMost, frameHeaderBytes } from "@releve/wire/session/frame-header";
import { fromHostSchema, type Attach, type FromHost } from "@releve/wire/session/link-messages";
import { decodeText } from "@releve/wire/session/page-messages";
import { WebSocket, type ClientOptions } from "ws";

export type NodeLink = {
  readonly send: (text: string) => void;
  /** Closes without telling. */
  readonly drop: () => void;
};

export type NodeLinkEvents = {
  readonly onText: (message: FromHost, text: string) => void;
  readonly onFrame: (frame: Buffer) => void;
  /** Once, unless it was dropped: the node closed it, is gone, or has been silent. */
  readonly onLost: () => void;
};

/** A dead process refuses at once; who does not answer within this is gone with its machine. */
const openWithinMs = 500;
const pingEveryMs = 300;
/** A frame is computed beside the main loop: a node that does not answer for this long is gone or cut off. */
const silentMs = 1_200;

/** @param link certificates, on an installation that has them. */
export function linkToNode(
  url: string,
  attach: Attach,
  link: ClientOptions,
  events: NodeLinkEvents,
): NodeLink {
  const socket = new WebSocket(url, {
    ...link,
    handshakeTimeout: openWithinMs,
    perMessageDeflate: false,
    maxPayload: frameHeaderBytes + frameBytesMost,
  });
  let heardMs = performance.now();
  let isDropped = false;
  const hear = () => (heardMs = performance.now());
  const pinging = setInterval(() => {
    if (performance.now() - heardMs > silentMs) socket.terminate();
    else if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, pingEveryMs);
  socket.on("open", () => socket.send(JSON.stringify(attach)));
  socket.on("pong", hear);
  socket.on("message", (data, isBinary) => {
    hear();
    if (isDropped) return;
    if (isBinary) return events.onFrame(data as Buffer);
    const text = (data as Buffer).toString();
    const message = decodeText(fromHostSchema, text);
    if (!message) return socket.terminate();
    events.onText(message, text);
  });
  socket.on("error", () => {}); // "close" follows
  socket.on("close", () => {
    clearInterval(pinging);
    if (!isDropped) events.onLost();
  });
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    drop: () => {
      isDropped = true;
      clearInterval(pinging);
      socket.terminate();
    },
  };
}
