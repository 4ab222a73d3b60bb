import { expect, test } from "vitest";
import { labelOf, numbersIn, optionLabel, variantLabel } from "./labels.ts";
import { initialValue, schemaNode, variantOf, type Schema } from "./schema-node.ts";

const number = { type: "number", minimum: 2, maximum: 9 };
const point = { type: "array", prefixItems: [{ type: "number" }, { type: "number" }], items: false };
const ball: Schema = {
  type: "object",
  properties: { kind: { const: "ball" }, radiusMm: number },
  required: ["kind", "radiusMm"],
};
const box: Schema = {
  type: "object",
  fr: "boîte",
  properties: { kind: { const: "box" }, sidesMm: point, turned: { type: "boolean" } },
  required: ["kind", "sidesMm"],
};
const shape: Schema = { oneOf: [ball, box] };

test.each([
  [number, "number", 2],
  [{ type: "integer" }, "number", 0],
  [{ type: "boolean" }, "boolean", false],
  [{ type: "string", enum: ["a", "b"] }, "choice", "a"],
  [{ anyOf: [{ const: 180 }, { const: 360 }] }, "choice", 180],
  [shape, "variants", { kind: "ball", radiusMm: 2 }],
  [box, "fields", { kind: "box", sidesMm: [0, 0] }],
  [point, "numbers", [0, 0]],
  [{ type: "array", items: point }, "lines", []],
  [{ type: "array", items: ball, minItems: 1 }, "list", [{ kind: "ball", radiusMm: 2 }]],
  [{ anyOf: [number, { type: "null" }], default: null }, "variants", null],
  [{ type: "integer", default: 7 }, "number", 7],
  [{}, "json", null],
] as const)("%j is shown as %s and begins with %j", (schema, kind, initial) => {
  expect(schemaNode(schema).kind).toBe(kind);
  expect(initialValue(schema)).toEqual(initial);
});

test("a value is edited as the variant that it is", () => {
  const variants = [ball, box];
  expect(variantOf(variants, { kind: "box", sidesMm: [1, 2] })).toBe(1);
  expect(variantOf(variants, { kind: "ball", radiusMm: 3 })).toBe(0);
  expect(variantOf(variants, { kind: "cone" })).toBe(0);
  expect(variantOf([number, { type: "null" }], null)).toBe(1);
  const byChoice = [{ type: "object", properties: { plane: { enum: ["axial", "coronal"] } } }, ball];
  expect(variantOf(byChoice, { plane: "coronal" })).toBe(0);
});

test("a parameter has the application's own name, or its unit in brackets", () => {
  expect(labelOf("intervalMm", {}, "fr")).toBe("interval (mm)");
  expect(labelOf("centerLps", {}, "en")).toBe("center (LPS)");
  expect(labelOf("opacityPerMm", {}, "en")).toBe("opacity / mm");
  expect(labelOf("views", { fr: "Vues" }, "fr")).toBe("Vues");
  expect(optionLabel({ options: { max: { fr: "maximum" } } }, "max", "fr")).toBe("maximum");
  expect(optionLabel({ options: { max: { fr: "maximum" } } }, "max", "en")).toBe("max");
  expect(variantLabel(ball, "fr")).toBe("ball");
  expect(variantLabel(box, "fr")).toBe("boîte");
});

test("numbers are read with either decimal sign, and what is none is kept for the answer to name", () => {
  expect(numbersIn(" 1  -2,5; 3e1 ")).toEqual([1, -2.5, 30]);
  expect(numbersIn("1 two")).toEqual([1, "two"]);
  expect(numbersIn("  ")).toEqual([]);
});
