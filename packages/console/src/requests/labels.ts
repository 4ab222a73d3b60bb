/** What a parameter is called: by the application's own words, else by its name with the unit that it ends in. Pure. */
import { isSchema, schemaNode, textOf, type Json, type Schema } from "./schema-node.ts";

const units: readonly (readonly [RegExp, string])[] = [
  [/PerMm$/, " / mm"],
  [/Lps$/, " (LPS)"],
  [/MmMax$/, " (mm, max)"],
  [/Mm$/, " (mm)"],
  [/Ml$/, " (ml)"],
  [/Ms$/, " (ms)"],
  [/Degrees$/, " (°)"],
  [/Max$/, " (max)"],
  [/Min$/, " (min)"],
];

export function labelOf(name: string, schema: Schema, language: string): string {
  const own = schema[language];
  if (typeof own === "string") return own;
  const [pattern, unit] = units.find(([ending]) => ending.test(name)) ?? [/$/, ""];
  return `${inWords(name.replace(pattern, ""))}${unit}`;
}

const inWords = (name: string): string => name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();

/** Of one of several shapes: what tells it from the others. */
export function variantLabel(schema: Schema, language: string): string {
  const own = schema[language];
  if (typeof own === "string") return own;
  const node = schemaNode(schema);
  if (node.kind === "constant") return textOf(node.value);
  if (node.kind !== "fields") return node.kind;
  const telling = node.fields.map((field) => schemaNode(field.schema));
  for (const one of telling) if (one.kind === "constant") return textOf(one.value);
  for (const one of telling) if (one.kind === "choice") return one.options.map(textOf).join(" / ");
  return node.fields.map((field) => field.name).join(", ");
}

/** One of a choice, in the application's own words where it has some: `options` by value, then by language. */
export function optionLabel(schema: Schema, option: Json, language: string): string {
  const { options } = schema;
  const words = isSchema(options) ? options[textOf(option)] : undefined;
  const own = isSchema(words) ? words[language] : undefined;
  return typeof own === "string" ? own : textOf(option);
}

/** "1 2 3" or "1; 2,5; 3" by line; what is no number stays as it was written, so that the server's answer names it. */
export const numbersIn = (line: string): (number | string)[] =>
  line
    .trim()
    .split(/[\s;]+/)
    .filter((part) => part !== "")
    .map((part) => {
      const number = Number(part.replace(",", "."));
      return Number.isFinite(number) ? number : part;
    });
