/** QIDO-RS (PS3.18 section 10.6): studies, series and instances that match, as DICOM JSON. */
import { entryOfKeyword, entryOfTag } from "@releve/dicom/data-set/dicom-dictionary";
import type { IndexedAttributes, ObjectIndex } from "@releve/store/object-index";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { keywordsOf, tagOf, type QueryLevel } from "../../intake/indexed-attributes.ts";
import type { Catalogue } from "../../intake/catalogue.ts";
import { sendProblem } from "../problem.ts";
import { accepts, parseAccept } from "./accept.ts";
import { matchesAll, type QueryKey } from "./query-match.ts";
import { instanceUrl } from "./stow.ts";

type Query = {
  readonly Params: { readonly study?: string; readonly series?: string };
  readonly Querystring: Readonly<Record<string, string | string[]>>;
};

/** One answer holds at most this many; a client asks for the rest by `offset`. */
const mostResults = 1000;

export function qidoDoor(catalogue: Catalogue) {
  return async (app: FastifyInstance): Promise<void> => {
    const on = (path: string, level: QueryLevel) =>
      app.get<Query>(path, async (request, reply) =>
        answer(await catalogue.current(), level, request, reply),
      );
    on("/studies", "study");
    on("/series", "series");
    on("/studies/:study/series", "series");
    on("/instances", "instance");
    on("/studies/:study/instances", "instance");
    on("/studies/:study/series/:series/instances", "instance");
  };
}

function answer(index: ObjectIndex, level: QueryLevel, request: FastifyRequest<Query>, reply: FastifyReply) {
  if (!acceptsJson(request.headers.accept))
    return sendProblem(reply, 406, "Query results are application/dicom+json.");
  const asked = parseQuery(request.query);
  if (typeof asked === "string") return sendProblem(reply, 400, asked);
  const base = `${request.protocol}://${request.host}/dicom-web`;
  const results = page(rowsOf(index, level, request.params, base), asked);
  const warnings = [
    ...(asked.fuzzy
      ? ['299 releve "fuzzymatching is not supported; names match without regard to case"']
      : []),
    ...(results.more ? ['299 releve "There are more results; ask for them by offset"'] : []),
  ];
  if (warnings.length > 0) reply.header("warning", warnings.join(", "));
  if (results.rows.length === 0) return reply.code(204).send();
  return reply.type("application/dicom+json").send(JSON.stringify(results.rows));
}

function acceptsJson(header: string | undefined): boolean {
  const accepted = parseAccept(header);
  return accepts(accepted, "application/dicom+json") || accepts(accepted, "application/json");
}

type Asked = {
  readonly keys: readonly QueryKey[];
  readonly limit: number;
  readonly offset: number;
  readonly fuzzy: boolean;
};

/** @returns a sentence for a query that cannot be understood. */
function parseQuery(query: Query["Querystring"]): Asked | string {
  const keys: QueryKey[] = [];
  const plain = { limit: mostResults, offset: 0, fuzzy: false };
  for (const [name, given] of Object.entries(query)) {
    const value = Array.isArray(given) ? given.join(",") : given;
    if (name === "includefield") continue; // every indexed attribute is returned anyway
    if (name === "fuzzymatching") plain.fuzzy = value === "true";
    else if (name === "limit" || name === "offset") {
      if (!/^\d{1,9}$/.test(value)) return `${name} is no count.`;
      plain[name] = Number(value);
    } else {
      const key = keyOf(name, value);
      if (!key) return "A query key is neither a DICOM keyword nor a tag of eight hexadecimal digits.";
      keys.push(key);
    }
  }
  return { ...plain, limit: Math.min(plain.limit, mostResults), keys };
}

function keyOf(name: string, value: string): QueryKey | undefined {
  const path = name.split(".").map(entryOfName);
  const last = path.at(-1);
  if (!last || path.includes(undefined)) return undefined;
  return { path: path.map((entry) => hex(entry!.tag)), vr: last.vr, value };
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

function page(rows: Iterable<IndexedAttributes>, { keys, limit, offset }: Asked) {
  const found: IndexedAttributes[] = [];
  let skipped = 0;
  for (const row of rows) {
    if (!matchesAll(row, keys)) continue;
    if (skipped < offset) skipped += 1;
    else if (found.length === limit) return { rows: found, more: true };
    else found.push(row);
  }
  return { rows: found, more: false };
}

function* rowsOf(
  index: ObjectIndex,
  level: QueryLevel,
  { study, series }: Query["Params"],
  base: string,
): Iterable<IndexedAttributes> {
  const scope = { studyInstanceUid: study, seriesInstanceUid: series };
  if (level === "study") return yield* studyRows(index, scope, base);
  if (level === "series") return yield* seriesRows(index, scope, base);
  for (const { entry, attributes } of index.instances(scope)) {
    const own = only(attributes, ["study", "series", "instance"]);
    yield { ...own, ...retrieveUrl(instanceUrl(base, entry)) };
  }
}

type Scope = {
  readonly studyInstanceUid: string | undefined;
  readonly seriesInstanceUid: string | undefined;
};

function* studyRows(index: ObjectIndex, scope: Scope, base: string): Iterable<IndexedAttributes> {
  for (const study of index.studies(scope)) {
    yield {
      ...only(study.attributes, ["study"]),
      [tagOf("ModalitiesInStudy")]: { vr: "CS", Value: study.modalities },
      [tagOf("SOPClassesInStudy")]: { vr: "UI", Value: study.sopClassUids },
      [tagOf("NumberOfStudyRelatedSeries")]: { vr: "IS", Value: [study.series] },
      [tagOf("NumberOfStudyRelatedInstances")]: { vr: "IS", Value: [study.instances] },
      ...retrieveUrl(`${base}/studies/${encodeURIComponent(study.studyInstanceUid)}`),
    };
  }
}

function* seriesRows(index: ObjectIndex, scope: Scope, base: string): Iterable<IndexedAttributes> {
  for (const series of index.series(scope)) {
    const url = `${base}/studies/${encodeURIComponent(series.studyInstanceUid)}/series/${encodeURIComponent(series.seriesInstanceUid)}`;
    yield {
      ...only(series.attributes, ["study", "series"]),
      [tagOf("NumberOfSeriesRelatedInstances")]: { vr: "IS", Value: [series.instances] },
      ...retrieveUrl(url),
    };
  }
}

const retrieveUrl = (url: string): IndexedAttributes => ({
  [tagOf("RetrieveURL")]: { vr: "UR", Value: [url] },
});

function only(attributes: IndexedAttributes, levels: readonly QueryLevel[]): IndexedAttributes {
  const tags = levels.flatMap((level) => keywordsOf[level]).map(tagOf);
  return Object.fromEntries(tags.flatMap((tag) => (attributes[tag] ? [[tag, attributes[tag]]] : [])));
}
