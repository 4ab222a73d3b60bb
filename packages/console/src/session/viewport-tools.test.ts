import { initialView } from "@releve/wire/session/initial-view";
import { sessionInputSchema } from "@releve/wire/session/session-input";
import { expect, test } from "vitest";
import { draftOf, isComplete, type Drawing } from "./drawing.ts";
import { sidesOf } from "./orientation-letters.ts";
import { sessionInPath } from "./session-path.ts";
import {
  inputOfDrag,
  inputOfWheel,
  meaningOfKey,
  nextSlab,
  stepMmOf,
  toolOfButton,
} from "./viewport-tools.ts";

const geometry = {
  columns: 101,
  rows: 101,
  slices: 51,
  originLps: [0, 0, 0],
  columnStepLps: [1, 0, 0],
  rowStepLps: [0, 1, 0],
  sliceStepLps: [0, 0, 3],
} as const;
const view = initialView(geometry, { centre: 40, width: 400 });
const drag = { view, viewport: "axial", size: { width: 400, height: 300 }, stepMm: 3 } as const;

test("a drag to the right moves what is seen by as many millimetres as the hand went", () => {
  const input = inputOfDrag("pan", { ...drag, right: 30, down: 0 });
  expect(input).toEqual({
    type: "pan",
    viewport: "axial",
    rightMm: (30 * view.cameras.axial.fieldMm) / 300,
    downMm: 0,
  });
});

test.each(["window", "zoom", "rotate"] as const)(
  "however far the hand goes, %s stays within its limits",
  (tool) => {
    const far = { right: 100_000, down: -100_000 };
    const inputs = (["axial", "volume"] as const).map((viewport) =>
      inputOfDrag(tool, { ...drag, viewport, ...far }),
    );
    expect(inputs.map((input) => sessionInputSchema.safeParse(input).success)).toEqual([true, true]);
  },
);

test("wheel and arrows go from plane to plane of the volume; the whole zooms and turns", () => {
  expect(stepMmOf(view, "axial", geometry)).toBe(3);
  expect(stepMmOf(view, "coronal", geometry)).toBe(1);
  expect(inputOfWheel("axial", 2, false, 3)).toEqual({ type: "scroll", viewport: "axial", mm: 6 });
  expect(inputOfWheel("volume", 1, false, 3)).toMatchObject({ type: "zoom" });
  const at = { viewport: "axial", tool: "window", stepMm: 3 } as const;
  expect(meaningOfKey("ArrowDown", false, at)).toMatchObject({ input: { type: "scroll", mm: 3 } });
  expect(meaningOfKey("ArrowRight", true, at)).toMatchObject({ is: "drag", tool: "window", right: 8 });
  expect(meaningOfKey("ArrowLeft", false, { ...at, viewport: "volume" })).toMatchObject({ tool: "rotate" });
  expect(meaningOfKey("q", false, at)).toBeUndefined();
});

test("buttons as in other viewers, slabs from thickness to thickness", () => {
  expect([0, 1, 2, 3].map((button) => toolOfButton(button, "length"))).toEqual([
    "length",
    "pan",
    "zoom",
    undefined,
  ]);
  expect(nextSlab({ mode: "max", thicknessMm: 0 }, 1).thicknessMm).toBe(5);
  expect(nextSlab({ mode: "max", thicknessMm: 7 }, -1).thicknessMm).toBe(5);
  expect(nextSlab({ mode: "max", thicknessMm: 100 }, 1).thicknessMm).toBe(100);
});

test("the patient's sides stand where they are", () => {
  expect(sidesOf(view.cameras.axial)).toEqual({ left: "R", right: "L", top: "A", bottom: "P" });
  expect(sidesOf(view.cameras.coronal)).toEqual({ left: "R", right: "L", top: "H", bottom: "F" });
  expect(sidesOf(view.cameras.sagittal)).toEqual({ left: "A", right: "P", top: "H", bottom: "F" });
});

test("an annotation is drawn point by point, the last one at the pointer", () => {
  const drawing: Drawing = {
    id: "22222222-2222-4222-8222-222222222222",
    kind: "angle",
    viewport: "axial",
    normalLps: [0, 0, 1],
    points: [],
  };
  expect(draftOf(drawing, [1, 1, 1])).toBeUndefined();
  const one = { ...drawing, points: [[0, 0, 0] as const] };
  expect(draftOf(one, [1, 0, 0])).toMatchObject({
    kind: "angle",
    pointsLps: [
      [0, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
    ],
  });
  expect(isComplete({ ...one, kind: "length", points: [...one.points, [1, 0, 0]] })).toBe(true);
});

test.each([
  ["/session/22222222-2222-4222-8222-222222222222", "22222222-2222-4222-8222-222222222222"],
  ["/session/", undefined],
  ["/session/x", undefined],
  ["/", undefined],
])("%s names a session or none", (path, expected) => {
  expect(sessionInPath(path)).toBe(expected);
});
