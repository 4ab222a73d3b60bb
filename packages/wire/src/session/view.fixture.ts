/** A view of a small volume, and a page that speaks of it. */
import type { GridGeometry } from "@releve/domain/volume";
import { initialView } from "./initial-view.ts";
import type { NumberedInput, SessionInput } from "./session-input.ts";
import type { Annotation, ViewState } from "./view-state.ts";

export const aPage = "11111111-1111-4111-8111-111111111111";
export const anotherPage = "22222222-2222-4222-8222-222222222222";

/** 200 x 160 x 100 mm; its middle is at (10, 20, 30). */
export const aGrid: GridGeometry = {
  columns: 101,
  rows: 81,
  slices: 51,
  originLps: [-90, -60, -20],
  columnStepLps: [2, 0, 0],
  rowStepLps: [0, 2, 0],
  sliceStepLps: [0, 0, 2],
};

export const aView = (): ViewState => initialView(aGrid, { centre: 40, width: 400 });

export const numbered = (inputs: readonly SessionInput[], page = aPage, from = 1): readonly NumberedInput[] =>
  inputs.map((input, index) => ({ page, sequence: from + index, input }));

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

export const aLength = (number: number, mm = 30): Annotation & { readonly kind: "length" } => ({
  id: idOf(number),
  viewport: "axial",
  kind: "length",
  pointsLps: [
    [0, 0, 30],
    [mm, 0, 30],
  ],
});
