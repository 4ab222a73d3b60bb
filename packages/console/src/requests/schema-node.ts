/**
 * What a JSON Schema of an application's parameters asks a form to show. Only what the applications' schemas use; anything else
 * is edited as JSON. Pure.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type Schema = { readonly [key: string]: Json };

export type SchemaNode =
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "choice"; readonly options: readonly Json[] }
  | { readonly kind: "variants"; readonly variants: readonly Schema[] }
  | {
      readonly kind: "fields";
      readonly fields: readonly {
        readonly name: string;
        readonly schema: Schema;
        readonly required: boolean;
      }[];
    }
  | { readonly kind: "number" }
  | { readonly kind: "boolean" }
  /** As many numbers, on one line. */
  | { readonly kind: "numbers"; readonly count: number }
  /** Any number of such lines. */
  | { readonly kind: "lines"; readonly count: number }
  | { readonly kind: "list"; readonly items: Schema }
  | { readonly kind: "json" };

export function schemaNode(schema: Schema): SchemaNode {
  if (schema["const"] !== undefined) return { kind: "constant", value: schema["const"] };
  if (isList(schema["enum"])) return { kind: "choice", options: schema["enum"] };
  const variants = [schema["oneOf"], schema["anyOf"]].find(isList)?.filter(isSchema);
  if (variants) return variantsNode(variants);
  switch (schema["type"]) {
    case "object":
      return fieldsNode(schema);
    case "number":
    case "integer":
      return { kind: "number" };
    case "boolean":
      return { kind: "boolean" };
    case "null":
      return { kind: "constant", value: null };
    case "array":
      return arrayNode(schema);
    default:
      return { kind: "json" };
  }
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
export const isSchema = (value: Json | undefined): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function variantsNode(variants: readonly Schema[]): SchemaNode {
  const constants = variants.flatMap((variant) => variant["const"] ?? []);
  return constants.length === variants.length
    ? { kind: "choice", options: constants }
    : { kind: "variants", variants };
}

function fieldsNode(schema: Schema): SchemaNode {
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  const required = isList(schema["required"]) ? schema["required"] : [];
  const fields = Object.entries(properties).flatMap(([name, one]) =>
    isSchema(one)
      ? [{ name, schema: one, required: required.includes(name) || one["default"] !== undefined }]
      : [],
  );
  return { kind: "fields", fields };
}

function arrayNode({ prefixItems, items }: Schema): SchemaNode {
  if (isList(prefixItems)) {
    const areNumbers = prefixItems.every((one) => isSchema(one) && schemaNode(one).kind === "number");
    return areNumbers ? { kind: "numbers", count: prefixItems.length } : { kind: "json" };
  }
  if (!isSchema(items)) return { kind: "json" };
  const each = schemaNode(items);
  return each.kind === "numbers" ? { kind: "lines", count: each.count } : { kind: "list", items };
}

/** What a field holds before anybody has said anything. */
export const initialValue = (schema: Schema): Json =>
  schema["default"] === undefined ? initialOf(schemaNode(schema), schema) : schema["default"];

function initialOf(node: SchemaNode, { minimum, minItems }: Schema): Json {
  switch (node.kind) {
    case "constant":
      return node.value;
    case "choice":
      return node.options[0] ?? null;
    case "variants":
      return initialValue(node.variants[0] ?? {});
    case "fields":
      return initialFields(node.fields);
    case "number":
      return minimum ?? 0;
    case "numbers":
      return Array.from({ length: node.count }, () => 0);
    case "list":
      return Array.from({ length: Number(minItems ?? 0) }, () => initialValue(node.items));
    default:
      return initialOfKind[node.kind];
  }
}

const initialOfKind = { boolean: false, lines: [], json: null };

const initialFields = (fields: Extract<SchemaNode, { kind: "fields" }>["fields"]): Json =>
  Object.fromEntries(
    fields.filter(({ required }) => required).map(({ name, schema }) => [name, initialValue(schema)]),
  );

/** A constant or a limit as a person reads it. */
export const textOf = (value: Json): string =>
  typeof value === "string" ? value : value === null ? "–" : JSON.stringify(value);

/** The variant that a value belongs to: the one whose constants and choices it holds; the first where none does. */
export function variantOf(variants: readonly Schema[], value: Json): number {
  return Math.max(
    variants.findIndex((variant) => holds(variant, value)),
    0,
  );
}

function holds(schema: Schema, value: Json | undefined): boolean {
  const node = schemaNode(schema);
  if (value === undefined) return false;
  if (node.kind === "constant") return node.value === value;
  if (node.kind === "choice") return node.options.includes(value);
  if (node.kind === "number") return typeof value === "number";
  if (node.kind !== "fields" || !isSchema(value)) return node.kind !== "fields";
  return node.fields
    .filter(({ schema: one }) => ["constant", "choice"].includes(schemaNode(one).kind))
    .every((field) => holds(field.schema, value[field.name]));
}
