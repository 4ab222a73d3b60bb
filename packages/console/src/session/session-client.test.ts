import type { GridGeometry } from "@releve/domain/volume";
import { encodeFrame } from "@releve/wire/session/frame-header";
import { initialView } from "@releve/wire/session/initial-view";
import type { HostMessage, PageMessage } from "@releve/wire/session/page-messages";
import type { Annotation } from "@releve/wire/session/view-state";
import { planeOf } from "@releve/wire/session/viewport-plane";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SessionClient, type Shown, type Socket } from "./session-client.ts";

const page = "11111111-1111-4111-8111-111111111111";
const geometry: GridGeometry = {
  columns: 11,
  rows: 11,
  slices: 11,
  originLps: [0, 0, 0],
  columnStepLps: [1, 0, 0],
  rowStepLps: [0, 1, 0],
  sliceStepLps: [0, 0, 1],
};
const home = initialView(geometry, { centre: 40, width: 400 });
const opened = (epoch: number, view = home): HostMessage => ({
  type: "opened",
  epoch,
  host: { node: "a1", site: "site-a" },
  standby: null,
  view,
  home,
  geometry,
  modality: "CT",
  unit: "HU",
  engine: "test",
});
const annotation: Annotation = {
  id: "22222222-2222-4222-8222-222222222222",
  viewport: "axial",
  kind: "length",
  pointsLps: [
    [0, 0, 0],
    [3, 4, 0],
  ],
};

/** The server's end. */
class FakeSocket extends EventTarget {
  binaryType: BinaryType = "blob";
  readyState = 1;
  readonly said: (PageMessage | { type: "hello" })[] = [];
  send(text: string): void {
    this.said.push(JSON.parse(text) as PageMessage);
  }
  close(code = 1000): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }
  open(): void {
    this.dispatchEvent(new Event("open"));
  }
  tell(message: HostMessage | Uint8Array<ArrayBuffer>): void {
    const data = message instanceof Uint8Array ? message.buffer : JSON.stringify(message);
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function aClient() {
  const sockets: FakeSocket[] = [];
  const shown: Shown[] = [];
  const client = new SessionClient({
    page,
    connect: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as Socket;
    },
    onFrame: (frame, painted) => {
      shown.push(frame);
      painted();
    },
  });
  client.start();
  sockets[0]!.open();
  return { client, shown, sockets, socket: () => sockets.at(-1)! };
}

test("what is not known to survive is said again to the next host, and what is, is not", () => {
  const { client, socket, sockets } = aClient();
  socket().tell(opened(1));
  client.resize("axial", { width: 64, height: 64 });
  client.input({ type: "scroll", viewport: "axial", mm: 1 });
  client.input({ type: "annotate", annotation });
  expect([...client.snapshot().pending]).toEqual([annotation.id]);
  socket().tell({ type: "kept", sequence: 1, by: "standby" });

  socket().close();
  expect(client.snapshot().phase.is).toBe("offline");
  vi.advanceTimersByTime(250);
  expect(sockets.length).toBe(2);
  socket().open();
  socket().tell(opened(2));
  expect(socket().said.map(({ type }) => type)).toEqual(["hello", "size", "input"]);
  expect(client.snapshot().view!.annotations).toEqual([annotation]);
  socket().tell({ type: "kept", sequence: 2, by: "ledger" });
  expect(client.snapshot().pending.size).toBe(0);
});

test("the hand is not behind, and what another page did comes in below it", () => {
  const { client, socket } = aClient();
  socket().tell(opened(1));
  client.input({ type: "scroll", viewport: "axial", mm: 2 });
  const other = { ...home, inputs: 1, slab: { mode: "max", thicknessMm: 20 } } as const;
  socket().tell({ type: "view", epoch: 1, view: other });
  const { view } = client.snapshot();
  expect(view!.slab.thicknessMm).toBe(20);
  expect(view!.crosshairLps[2]).toBe(home.crosshairLps[2] + 2);
});

test("a host of a lower epoch is not believed: neither its view nor its frames", () => {
  const { client, socket, shown } = aClient();
  socket().tell(opened(2));
  socket().tell(opened(1, { ...home, inputs: 9, crosshairLps: [0, 0, 0] }));
  socket().tell({ type: "view", epoch: 1, view: { ...home, crosshairLps: [0, 0, 0] } });
  expect(client.snapshot().view).toEqual(home);
  const frame = (epoch: number) =>
    encodeFrame(
      {
        epoch,
        viewport: "axial",
        frame: epoch,
        sequence: 0,
        encoding: "jpeg",
        quality: "motion",
        bitDepth: 8,
        window: home.window,
        plane: planeOf(home, "axial", { width: 16, height: 16 }),
        computeMs: 1,
        encodeMs: 1,
      },
      Uint8Array.from([1]),
    );
  socket().tell(frame(1));
  socket().tell(frame(2));
  expect(shown.map(({ header }) => header.epoch)).toEqual([2]);
  expect(socket().said.filter(({ type }) => type === "painted").length).toBe(2);
});

test("what passes is asked for again by itself, what does not ends", () => {
  const { client, socket, sockets } = aClient();
  socket().tell({ type: "refused", code: "SATURATED", reason: "full" });
  socket().close();
  expect(client.snapshot().phase).toMatchObject({ is: "waiting", code: "SATURATED" });
  vi.advanceTimersByTime(5_000);
  expect(sockets.length).toBe(2);
  socket().tell({ type: "refused", code: "SESSION_CLOSED", reason: "closed" });
  socket().close();
  vi.advanceTimersByTime(60_000);
  expect(sockets.length).toBe(2);
  expect(client.snapshot().phase.is).toBe("refused");
});

test("what the server would not take is not said", () => {
  const { client, socket } = aClient();
  socket().tell(opened(1));
  client.input({ type: "pan", viewport: "axial", rightMm: 1e6, downMm: 0 });
  expect(socket().said.map(({ type }) => type)).toEqual(["hello"]);
  expect(client.snapshot().view).toEqual(home);
});

test("one probe at a time; a page that was left asks no more", () => {
  const { client, socket, sockets } = aClient();
  socket().tell(opened(1));
  client.probe([0, 0, 0]);
  client.probe([1, 1, 1]);
  expect(socket().said.filter(({ type }) => type === "probe").length).toBe(1);
  socket().tell({ type: "probed", id: 1, value: 12, unit: "HU" });
  client.probe([1, 1, 1]);
  expect(socket().said.filter(({ type }) => type === "probe").length).toBe(2);
  socket().close(4401);
  expect(client.snapshot().signedOut).toBe(true);
  client.stop();
  vi.advanceTimersByTime(60_000);
  expect(sockets.length).toBe(1);
});
