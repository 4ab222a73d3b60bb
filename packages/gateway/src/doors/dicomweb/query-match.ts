/** Matching of one attribute as QIDO asks for it (PS3.4 section C.2.2.2, PS3.18 section 8.3.4). Pure. */
import type { IndexedAttribute, IndexedAttributes } from "@releve/store/object-index";

/** `path` descends through sequences: tags of eight upper-case hexadecimal digits. */
export type QueryKey = { readonly path: readonly string[]; readonly vr: string; readonly value: string };

export function matchesAll(attributes: IndexedAttributes, keys: readonly QueryKey[]): boolean {
  return keys.every((key) => matchesKey(attributes, key.path, key));
}

function matchesKey(attributes: IndexedAttributes, path: readonly string[], key: QueryKey): boolean {
  const [tag = "", ...rest] = path;
  const attribute = attributes[tag];
  if (rest.length === 0) return matchesValue(attribute, key);
  const items = (attribute?.Value ?? []) as readonly IndexedAttributes[];
  return items.some((item) => matchesKey(item, rest, key));
}

/** An empty key, or a lone asterisk, matches everything, also what lacks the attribute (universal matching). */
function matchesValue(attribute: IndexedAttribute | undefined, { vr, value }: QueryKey): boolean {
  if (value === "" || value === "*") return true;
  const values = textsOf(attribute);
  if (vr === "UI") return values.some((one) => value.split(/[,\\]/).includes(one));
  if (isRangeVr(vr)) return values.some((one) => inRange(one, value));
  if (wildcardVrs.has(vr)) return values.some((one) => wildcard(value, vr === "PN").test(one));
  return values.some((one) => one === value || (value !== "" && Number(one) === Number(value)));
}

function textsOf(attribute: IndexedAttribute | undefined): readonly string[] {
  return (attribute?.Value ?? []).flatMap((value) => {
    if (typeof value === "object" && value !== null) return Object.values(value).filter(isText); // PN groups
    return typeof value === "number" ? [String(value)] : isText(value) ? [value] : [];
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

const isRangeVr = (vr: string) => vr === "DA" || vr === "TM" || vr === "DT";
const wildcardVrs: ReadonlySet<string> = new Set([
  "AE",
  "CS",
  "LO",
  "LT",
  "PN",
  "SH",
  "ST",
  "UC",
  "UR",
  "UT",
]);

/**
 * `a`, `a-b`, `a-` or `-b`. A shorter text stands for all that begins with it, at both ends: 10 means 10:00 up to 10:59:59.
 * Colons and dots of the old ACR-NEMA forms count for nothing.
 */
function inRange(stored: string, asked: string): boolean {
  const value = stored.replaceAll(/[:.]/g, "");
  const parts = asked.replaceAll(/[:.]/g, "").split("-");
  const [low = "", high = low] = parts;
  if (parts.length > 2) return false;
  return value >= low && (high === "" || value.slice(0, high.length) <= high);
}

/** `*` any run, `?` one character; names without regard to case (PS3.4 leaves that to the implementation). */
function wildcard(pattern: string, ignoreCase: boolean): RegExp {
  // Runs of asterisks are one, or a pattern of many would take exponential time.
  const parts = pattern.replaceAll(/\*+/g, "*").slice(0, 256);
  const source = parts
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, ignoreCase ? "isu" : "su");
}
