/** The query part of a QIDO-RS address (PS3.18 section 8.3.4). A key that would not be matched is refused, never ignored. */
import { entryOfKeyword, entryOfTag } from "@releve/dicom/data-set/dicom-dictionary";
import { refusal, isRefusal, type Refusal } from "@releve/domain/refusal";
import { keywordsOf, tagOf, type QueryLevel } from "../../intake/indexed-attributes.ts";
import type { QueryKey } from "./query-match.ts";

export type AskedQuery = {
  readonly keys: readonly QueryKey[];
  readonly limit: number;
  readonly offset: number;
  readonly fuzzy: boolean;
};

/** One answer holds at most this many; a client asks for the rest by `offset`. */
export const mostResults = 1000;

/** Levels whose attributes a row of each level carries. */
const levelsOf: Readonly<Record<QueryLevel, readonly QueryLevel[]>> = {
  study: ["study"],
  series: ["study", "series"],
  instance: ["study", "series", "instance"],
};
/** Counted over a study or a series rather than taken from an object. */
const countedOf: Readonly<Record<QueryLevel, readonly string[]>> = {
  study: [
    "ModalitiesInStudy",
    "SOPClassesInStudy",
    "NumberOfStudyRelatedSeries",
    "NumberOfStudyRelatedInstances",
  ],
  series: ["NumberOfSeriesRelatedInstances"],
  instance: ["AvailableTransferSyntaxUID"],
};

export function parseQuery(
  query: Readonly<Record<string, string | readonly string[]>>,
  level: QueryLevel,
): AskedQuery | Refusal {
  const keys: QueryKey[] = [];
  let [limit, offset, fuzzy] = [mostResults, 0, false];
  for (const [name, given] of Object.entries(query)) {
    const value = typeof given === "string" ? given : given.join(",");
    if (name === "includefield") continue; // every attribute that the index has is returned anyway
    if (name === "fuzzymatching") fuzzy = value === "true";
    else if (name === "limit" || name === "offset") {
      if (!/^\d{1,9}$/.test(value)) return refusal("BAD_QUERY", `The ${name} is no count.`);
      if (name === "limit") limit = Math.min(Number(value), mostResults);
      else offset = Number(value);
    } else {
      const key = keyOf(name, value, level);
      if (isRefusal(key)) return key;
      keys.push(key);
    }
  }
  return { keys, limit, offset, fuzzy };
}

/** `PatientID`, `00100020`, or a path through sequences with dots. */
function keyOf(name: string, value: string, level: QueryLevel): QueryKey | Refusal {
  const path = name.split(".").map(entryOfName);
  const [first, last] = [path[0], path.at(-1)];
  if (!first || !last || path.includes(undefined))
    return refusal(
      "BAD_QUERY",
      "A query key is neither a DICOM keyword nor a tag of eight hexadecimal digits.",
    );
  const tags = path.map((entry) => hex(entry!.tag));
  if (!matchable(level).has(tags[0]!))
    return refusal("BAD_QUERY", `${tags[0]} cannot be matched at the level of the ${level}.`);
  return { path: tags, vr: last.vr, value };
}

function matchable(level: QueryLevel): ReadonlySet<string> {
  const keywords = levelsOf[level].flatMap((one) => keywordsOf[one]);
  return new Set([...keywords, ...countedOf[level]].map(tagOf));
}

const hex = (tag: number) => tag.toString(16).toUpperCase().padStart(8, "0");

function entryOfName(name: string): { readonly tag: number; readonly vr: string } | undefined {
  if (/^[0-9A-Fa-f]{8}$/.test(name)) {
    const tag = Number.parseInt(name, 16);
    return { tag, vr: entryOfTag(tag)?.vr ?? "UN" };
  }
  try {
    return entryOfKeyword(name);
  } catch {
    return undefined; // answered with 400: the name came from outside
  }
}
