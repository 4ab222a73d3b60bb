import * as fc from "fast-check";
import { expect, test } from "vitest";
import { evolveView } from "./evolve-view.ts";
import {
  begun,
  changedViewports,
  dueFrame,
  framesInFlightMost,
  newFrameFlow,
  owing,
  painted,
  resting,
  sized,
  type FrameFlow,
} from "./frame-flow.ts";
import {
  decodeFrame,
  encodeFrame,
  frameBytesMost,
  frameHeaderBytes,
  type FrameHeader,
} from "./frame-header.ts";
import { helloSchema } from "./link-messages.ts";
import { measure } from "./measure.ts";
import {
  epochVerdict,
  keptUpTo,
  laterView,
  pendingAnnotations,
  pendingMost,
  toSendAgain,
  withPending,
  type PendingInputs,
} from "./mirror.ts";
import { decodeText, pageMessageSchema } from "./page-messages.ts";
import type { SessionInput } from "./session-input.ts";
import { aLength, aPage, aView, numbered } from "./view.fixture.ts";
import { viewports } from "./view-state.ts";
import { lpsToPixel, pixelToLps, planeOf } from "./viewport-plane.ts";

const header: FrameHeader = {
  epoch: 3,
  viewport: "sagittal",
  frame: 4_000_000_000,
  sequence: 17,
  encoding: "png-lossless",
  quality: "rest",
  bitDepth: 8,
  window: { centre: 40.5, width: 400 },
  plane: planeOf(aView(), "sagittal", { width: 512, height: 300 }),
  computeMs: 3.5,
  encodeMs: 1.25,
};

test("a frame comes out as it went in", () => {
  const picture = Uint8Array.from([1, 2, 3]);
  const decoded = decodeFrame(encodeFrame(header, picture));
  expect(decoded?.header).toEqual(header);
  expect(decoded?.picture).toEqual(picture);
});

test("what is no frame is none, and what does not fit the header is a bug of the sender", () => {
  const good = encodeFrame(header, Uint8Array.from([1]));
  expect(decodeFrame(good.slice(0, frameHeaderBytes))).toBeUndefined();
  for (const [at, value] of [
    [0, 0],
    [2, 2],
    [3, 4],
    [4, 3],
    [5, 2],
  ] as const) {
    const bad = good.slice();
    bad[at] = value;
    expect(decodeFrame(bad), `byte ${at}`).toBeUndefined();
  }
  expect(() => encodeFrame({ ...header, epoch: -1 }, new Uint8Array(1))).toThrow(RangeError);
  expect(() => encodeFrame(header, new Uint8Array(frameBytesMost + 1))).toThrow(RangeError);
});

test("no bytes at all make the decoder throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeFrame(Uint8Array.from(bytes))),
  );
});

const shown = viewports.reduce<FrameFlow>(
  (flow, viewport) => sized(flow, viewport, { width: 64, height: 64 }),
  newFrameFlow,
);

/** Sends until nothing is due. @returns the viewports in the order they were served. */
function served(start: FrameFlow): { flow: FrameFlow; order: string[] } {
  let flow = start;
  const order: string[] = [];
  for (let due = dueFrame(flow); due; due = dueFrame(flow)) {
    flow = begun(flow, due);
    order.push(due.viewport);
  }
  return { flow, order };
}

test("latest wins: a hundred changes owe one frame a viewport, and all are served in turn", () => {
  let flow = served(shown).flow;
  for (let change = 0; change < 100; change++) flow = owing(flow, ["axial", "volume"]);
  expect(served(flow).order).toEqual(["axial", "volume"]);
});

test("credits: who does not paint gets no more than two frames, and one more for each that is painted", () => {
  let flow = shown;
  let sent = 0;
  for (let change = 0; change < 10; change++) {
    const more = served(owing(flow, ["axial"]));
    sent += more.order.filter((viewport) => viewport === "axial").length;
    flow = more.flow;
  }
  expect(sent).toBe(framesInFlightMost);
  const [first] = flow.of.axial.inFlight;
  expect(served(painted(flow, first!)).order).toEqual(["axial"]);
  expect(painted(flow, 12_345)).toBe(flow);
});

test("at rest what was seen in motion comes once more without loss, and only once", () => {
  let { flow } = served(shown);
  for (const frame of [1, 2, 3, 4]) flow = painted(flow, frame);
  expect(dueFrame(flow)).toBeUndefined();
  const rest = served(resting(flow));
  expect(rest.order.toSorted()).toEqual([...viewports].toSorted());
  expect(served(resting(rest.flow)).order).toEqual([]);
  expect(dueFrame(owing(rest.flow, ["axial"]))).toMatchObject({ quality: "motion" });
});

test("who rests before a frame in motion could be computed gets the one without loss at once", () => {
  const rest = served(resting(owing(served(shown).flow, ["axial"])));
  expect(rest.order).toContain("axial");
  expect(rest.flow.of.axial).toMatchObject({ sent: "rest", owed: undefined });
});

test("a viewport that is not shown owes nothing", () => {
  expect(dueFrame(resting(owing(sized(newFrameFlow, "axial", undefined), ["axial"])))).toBeUndefined();
});

test.each<[string, SessionInput, readonly string[]]>([
  ["scrolling one plane leaves the others", { type: "scroll", viewport: "axial", mm: 2 }, ["axial"]],
  ["a window changes all", { type: "window", window: { centre: 0, width: 10 } }, [...viewports]],
  [
    "a slab changes the planes",
    { type: "slab", slab: { mode: "max", thicknessMm: 20 } },
    ["axial", "coronal", "sagittal"],
  ],
  [
    "a crosshair in the same axial plane",
    { type: "crosshair", pointLps: [0, 0, 30] },
    ["coronal", "sagittal"],
  ],
  ["an annotation changes no picture", { type: "annotate", annotation: aLength(1) }, []],
])("%s", (_, input, expected) => {
  const view = aView();
  expect(changedViewports(view, evolveView(view, numbered([input])[0]!))).toEqual(expected);
});

test("a pixel leads to the patient and back", () => {
  const plane = planeOf(aView(), "coronal", { width: 300, height: 200 });
  expect(lpsToPixel(plane, pixelToLps(plane, 12.5, 180))).toMatchObject({
    x: expect.closeTo(12.5, 9),
    y: expect.closeTo(180, 9),
    depthMm: expect.closeTo(0, 9),
  });
  expect(pixelToLps(plane, 149.5, 99.5)).toEqual([10, 20, 30].map((part) => expect.closeTo(part, 9)));
});

test("measures in closed form", () => {
  expect(measure(aLength(1, 37.5))).toEqual({ kind: "length", mm: 37.5 });
  const at = { id: aLength(1).id, viewport: "axial" as const };
  const corner = [0, 0, 0] as const;
  expect(measure({ ...at, kind: "angle", pointsLps: [[5, 0, 0], corner, [0, 0, 2]] })).toEqual({
    kind: "angle",
    degrees: 90,
  });
  expect(measure({ ...at, kind: "angle", pointsLps: [corner, corner, [0, 0, 2]] })).toMatchObject({
    degrees: 0,
  });
  expect(measure({ ...at, kind: "circle", pointsLps: [corner, [3, 4, 0]], normalLps: [0, 0, 1] })).toEqual({
    kind: "circle",
    radiusMm: 5,
    areaMm2: expect.closeTo(78.5398, 4),
  });
});

const pendingOf = (inputs: readonly SessionInput[]): PendingInputs =>
  numbered(inputs).reduce<PendingInputs>(withPending, []);

test("what is not kept is sent again in order, and only that", () => {
  const inputs = numbered([
    { type: "scroll", viewport: "axial", mm: 1 },
    { type: "annotate", annotation: aLength(1) },
    { type: "annotate", annotation: aLength(2) },
  ]);
  const pending = inputs.reduce<PendingInputs>(withPending, []);
  expect([...pendingAnnotations(keptUpTo(pending, 2))]).toEqual([aLength(2).id]);
  const standby = inputs.slice(0, 2).reduce(evolveView, aView());
  expect(toSendAgain(pending, aPage, standby)).toEqual(inputs.slice(2));
  const all = inputs.reduce(evolveView, aView());
  expect(toSendAgain(pending, aPage, standby).reduce(evolveView, standby)).toEqual(all);
});

test("where there is no more room movements are dropped, and no drawing", () => {
  const scroll: SessionInput = { type: "scroll", viewport: "axial", mm: 1 };
  const drawing: SessionInput = { type: "annotate", annotation: aLength(1) };
  const pending = pendingOf([drawing, ...Array.from({ length: pendingMost + 50 }, () => scroll)]);
  expect(pending.length).toBe(pendingMost);
  expect(pending[0]).toMatchObject({ input: drawing });
});

test("of two states the one with more inputs is the later, and a lower epoch is stale", () => {
  const later = evolveView(aView(), numbered([{ type: "undo" }])[0]!);
  expect(laterView(aView(), later)).toBe(later);
  expect(laterView(later, aView())).toBe(later);
  expect(laterView(null, later)).toBe(later);
  expect([epochVerdict(2, 1), epochVerdict(2, 2), epochVerdict(2, 3)]).toEqual([
    "stale",
    "same",
    "takes-over",
  ]);
});

test.each([
  ["an input", { type: "input", ...numbered([{ type: "undo" }])[0]! }, true],
  ["an input without a number", { type: "input", page: aPage, input: { type: "undo" } }, false],
  ["a size", { type: "size", viewport: "axial", size: { width: 512, height: 512 } }, true],
  ["too large a size", { type: "size", viewport: "axial", size: { width: 1e6, height: 512 } }, false],
  ["a point nowhere", { type: "probe", id: 1, pointLps: [0, 0, null] }, false],
  ["what only the API may say", { type: "recorded", applied: [] }, false],
  ["nothing", null, false],
])("from a page: %s", (_, message, taken) => {
  expect(decodeText(pageMessageSchema, JSON.stringify(message)) !== undefined).toBe(taken);
});

test("text that is no JSON is no message, and a standby's address must be one", () => {
  expect(decodeText(pageMessageSchema, "{")).toBeUndefined();
  const attach = {
    type: "attach",
    session: aPage,
    epoch: 1,
    page: aPage,
    plan: "a".repeat(64),
    standby: { node: "n1", site: "s", url: "ws://127.0.0.1:1/" },
    view: aView(),
  };
  expect(decodeText(helloSchema, JSON.stringify(attach))).toEqual(attach);
  expect(decodeText(helloSchema, JSON.stringify({ ...attach, standby: "elsewhere" }))).toBeUndefined();
});
