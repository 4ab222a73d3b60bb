/** The English sentences in a source file: literals and templates that begin large and end with a full stop, thrown ones aside. */
import { readFileSync } from "node:fs";
import { parseSync } from "vite";

type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

/** With `{}` for each thing that a template holds. */
export function sentencesInSource(file: string): readonly string[] {
  const found: string[] = [];
  collect(parseSync(file, readFileSync(file, "utf8")).program, found);
  return found.filter((text) => /^(\{\}|[A-Z]).* .*[.?]( \{\})?$/s.test(text));
}

function collect(node: unknown, found: string[]): void {
  if (Array.isArray(node)) for (const one of node) collect(one, found);
  if (!isNode(node) || node.type === "ImportDeclaration" || node.type === "ThrowStatement") return;
  const text = textOf(node);
  if (text !== undefined) found.push(text);
  const isWhole = node.type === "BinaryExpression" && text !== undefined;
  for (const part of isWhole ? heldBy(node) : Object.values(node)) collect(part, found);
}

const isNode = (node: unknown): node is Node => typeof node === "object" && node !== null && "type" in node;

/** What a sum of texts holds, without its pieces, which are no sentences. */
const heldBy = (node: Node): readonly unknown[] =>
  node.type === "BinaryExpression"
    ? [node["left"], node["right"]].flatMap((side) => (isNode(side) ? heldBy(side) : []))
    : node.type === "TemplateLiteral"
      ? (node["expressions"] as readonly unknown[])
      : [];

function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === "Literal") return typeof node["value"] === "string" ? node["value"] : undefined;
  if (node.type === "TemplateLiteral") {
    const quasis = node["quasis"] as readonly { readonly value: { readonly cooked: string } }[];
    return quasis.map(({ value }) => value.cooked).join("{}");
  }
  if (node.type !== "BinaryExpression" || node["operator"] !== "+") return undefined;
  const [left, right] = [textOf(node["left"]), textOf(node["right"])];
  return left === undefined && right === undefined ? undefined : `${left ?? "{}"}${right ?? "{}"}`;
}
