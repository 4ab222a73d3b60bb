import { cross, dot, length, type Vec3 } from "@releve/domain/vec3";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { evolveView } from "./evolve-view.ts";
import { sessionInputSchema, type NumberedInput, type SessionInput } from "./session-input.ts";
import { aLength, anotherPage, aPage, aView, numbered } from "./view.fixture.ts";
import {
  annotationLimits,
  appliedOf,
  pagesMost,
  viewports,
  viewStateSchema,
  type ViewState,
} from "./view-state.ts";
import { lpsToPixel, planeOf } from "./viewport-plane.ts";

const after = (inputs: readonly SessionInput[], view: ViewState = aView()): ViewState =>
  numbered(inputs, aPage, appliedOf(view, aPage) + 1).reduce(evolveView, view);

const size = { width: 200, height: 200 };
const pixelOf = (view: ViewState, viewport: (typeof viewports)[number], point: Vec3) =>
  lpsToPixel(planeOf(view, viewport, size), point);

test("scrolling goes into the picture by millimetres: up for axial, to the back for coronal, to the right for sagittal", () => {
  const scrolled = (viewport: "axial" | "coronal" | "sagittal") =>
    after([{ type: "scroll", viewport, mm: 5 }]).crosshairLps;
  expect(scrolled("axial")).toEqual([10, 20, 35]);
  expect(scrolled("coronal")).toEqual([10, 25, 30]);
  expect(scrolled("sagittal")).toEqual([5, 20, 30]);
});

test("the crosshair is one point of the patient in all three planes, wherever they were moved", () => {
  const view = after([
    { type: "pan", viewport: "axial", rightMm: 12, downMm: -7 },
    { type: "zoom", viewport: "sagittal", factor: 2 },
    { type: "rotate", viewport: "coronal", rightRadians: 0.3, downRadians: 0 },
    { type: "crosshair", pointLps: [14, -3, 41] },
  ]);
  for (const viewport of ["axial", "coronal", "sagittal"] as const)
    expect(Math.abs(pixelOf(view, viewport, view.crosshairLps).depthMm)).toBeLessThan(1e-9);
});

test("panning moves what is seen with the hand, zooming keeps the middle", () => {
  const point: Vec3 = [10, 20, 30];
  const before = pixelOf(aView(), "axial", point);
  const panned = pixelOf(
    after([{ type: "pan", viewport: "axial", rightMm: 21, downMm: 42 }]),
    "axial",
    point,
  );
  const mm = aView().cameras.axial.fieldMm / 200;
  expect(panned.x - before.x).toBeCloseTo(21 / mm, 9);
  expect(panned.y - before.y).toBeCloseTo(42 / mm, 9);
  const zoomed = after([{ type: "zoom", viewport: "axial", factor: 2 }]);
  expect(zoomed.cameras.axial.fieldMm).toBeCloseTo(aView().cameras.axial.fieldMm / 2, 9);
  expect(pixelOf(zoomed, "axial", point)).toEqual(before);
});

test("turning the whole moves its front with the hand, to the right and down", () => {
  // The front of a coronal view is at the smaller y.
  const front: Vec3 = [10, -40, 30];
  const before = pixelOf(aView(), "volume", front);
  const right = pixelOf(
    after([{ type: "rotate", viewport: "volume", rightRadians: 0.2, downRadians: 0 }]),
    "volume",
    front,
  );
  const down = pixelOf(
    after([{ type: "rotate", viewport: "volume", rightRadians: 0, downRadians: 0.2 }]),
    "volume",
    front,
  );
  expect(right.x).toBeGreaterThan(before.x + 1);
  expect(right.y).toBeCloseTo(before.y, 6);
  expect(down.y).toBeGreaterThan(before.y + 1);
  expect(down.x).toBeCloseTo(before.x, 6);
});

test("turning a plane turns the other two about the crosshair and leaves itself", () => {
  const view = after([{ type: "rotate", viewport: "axial", rightRadians: Math.PI / 2, downRadians: 0 }]);
  expect(view.cameras.axial).toEqual(aView().cameras.axial);
  const into = cross(view.cameras.coronal.rightLps, view.cameras.coronal.downLps);
  expect(Math.abs(dot(into, [1, 0, 0]))).toBeCloseTo(1, 12);
});

test("annotations are added, changed, taken away, and each step is taken back in turn", () => {
  const shorter = aLength(1, 10);
  const view = after([
    { type: "annotate", annotation: aLength(1) },
    { type: "annotate", annotation: aLength(2) },
    { type: "annotate", annotation: shorter },
    { type: "erase", id: aLength(2).id },
  ]);
  expect(view.annotations).toEqual([shorter]);
  const undo: SessionInput = { type: "undo" };
  const once = after([undo], view);
  expect(once.annotations).toEqual([shorter, aLength(2)]);
  const twice = after([undo], once);
  expect(twice.annotations).toEqual([aLength(1), aLength(2)]);
  expect(after([undo, undo], twice).annotations).toEqual([]);
  expect(after([undo, undo, undo], twice).annotations).toEqual([]);
});

test("at the limit nothing is added, and what is there still changes", () => {
  const many = Array.from({ length: annotationLimits.most + 3 }, (_, index): SessionInput => ({
    type: "annotate",
    annotation: aLength(index),
  }));
  const full = after(many);
  expect(full.annotations.length).toBe(annotationLimits.most);
  expect(full.undo.length).toBe(annotationLimits.undoMost);
  const changed = after([{ type: "annotate", annotation: aLength(0, 5) }], full);
  expect(changed.annotations[0]).toEqual(aLength(0, 5));
});

test("an input that is sent again is done once, and each page counts for itself", () => {
  const scroll: SessionInput = { type: "scroll", viewport: "axial", mm: 5 };
  const [first] = numbered([scroll]) as [NumberedInput];
  const [other] = numbered([scroll], anotherPage) as [NumberedInput];
  const view = [first, first, other, first, other].reduce(evolveView, aView());
  expect(view.crosshairLps[2]).toBe(40);
  expect(view.inputs).toBe(2);
});

test("a session remembers the pages that it heard last", () => {
  const pages = Array.from({ length: 20 }, (_, index) => aLength(index).id);
  const view = pages.reduce(
    (next, page) => evolveView(next, { page, sequence: 1, input: { type: "undo" } }),
    aView(),
  );
  expect(view.applied.map(({ page }) => page)).toEqual(pages.slice(-pagesMost));
});

const vector = fc.tuple(
  fc.double({ min: -2_000, max: 2_000, noNaN: true }),
  fc.double({ min: -2_000, max: 2_000, noNaN: true }),
  fc.double({ min: -2_000, max: 2_000, noNaN: true }),
);
const viewport = fc.constantFrom(...viewports);
const radians = fc.double({ min: -6, max: 6, noNaN: true });
const anInput: fc.Arbitrary<SessionInput> = fc.oneof(
  fc.record({
    type: fc.constant("scroll" as const),
    viewport,
    mm: fc.double({ min: -900, max: 900, noNaN: true }),
  }),
  fc.record({ type: fc.constant("crosshair" as const), pointLps: vector }),
  fc.record({
    type: fc.constant("pan" as const),
    viewport,
    rightMm: fc.double({ min: -2_000, max: 2_000, noNaN: true }),
    downMm: fc.double({ min: -2_000, max: 2_000, noNaN: true }),
  }),
  fc.record({
    type: fc.constant("zoom" as const),
    viewport,
    factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
  }),
  fc.record({
    type: fc.constant("rotate" as const),
    viewport,
    rightRadians: radians,
    downRadians: radians,
  }),
  fc.nat(400).map((number): SessionInput => ({ type: "annotate", annotation: aLength(number) })),
  fc.nat(400).map((number): SessionInput => ({ type: "erase", id: aLength(number).id })),
  fc.constant<SessionInput>({ type: "undo" }),
);

test("whatever a page says, the state stays one that can be sent and kept, its cameras at right angles", () => {
  fc.assert(
    fc.property(fc.array(anInput, { maxLength: 60 }), (inputs) => {
      for (const input of inputs) expect(sessionInputSchema.safeParse(input).success).toBe(true);
      const view = after(inputs);
      expect(viewStateSchema.safeParse(view).error).toBeUndefined();
      for (const { rightLps, downLps } of Object.values(view.cameras)) {
        expect(length(rightLps)).toBeCloseTo(1, 9);
        expect(length(downLps)).toBeCloseTo(1, 9);
        expect(dot(rightLps, downLps)).toBeCloseTo(0, 9);
      }
    }),
    { numRuns: 60 },
  );
});
