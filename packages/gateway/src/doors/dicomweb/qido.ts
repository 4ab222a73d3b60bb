/** QIDO-RS (PS3.18 section 10.6): studies, series and instances that match, as DICOM JSON. */
import { isRefusal } from "@releve/domain/refusal";
import type { JournalEntry } from "@releve/store/journal-entry";
import type { IndexedAttributes, InstanceScope, ObjectIndex } from "@releve/store/object-index";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { keywordsOf, tagOf, type QueryLevel } from "../../intake/indexed-attributes.ts";
import type { Catalogue } from "../../intake/catalogue.ts";
import { sendProblem } from "../problem.ts";
import { acceptsDicomJson } from "./accept.ts";
import { parseQuery, type AskedQuery } from "./parse-query.ts";
import { matchesAll } from "./query-match.ts";
import { baseUrl, instanceUrl, seriesUrl, studyUrl } from "./resource-url.ts";

type Query = {
  readonly Params: { readonly study?: string; readonly series?: string };
  readonly Querystring: Readonly<Record<string, string | string[]>>;
};

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
  if (!acceptsDicomJson(request.headers.accept))
    return sendProblem(reply, 406, "Query results are application/dicom+json.");
  const asked = parseQuery(request.query, level);
  if (isRefusal(asked)) return sendProblem(reply, 400, asked.reason);
  const results = page(rowsOf(index, level, request.params, baseUrl(request)), asked);
  const warnings = [
    ...(asked.fuzzy ? ["fuzzymatching is not supported; names match without regard to case"] : []),
    ...(results.more ? ["there are more results; ask for them by offset"] : []),
  ];
  if (warnings.length > 0) reply.header("warning", warnings.map((text) => `299 releve "${text}"`).join(", "));
  if (results.rows.length === 0) return reply.code(204).send();
  return reply.type("application/dicom+json").send(JSON.stringify(results.rows));
}

function page(rows: Iterable<IndexedAttributes>, { keys, limit, offset }: AskedQuery) {
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
  for (const { entry, attributes } of index.instances(scope)) yield instanceRow(entry, attributes, base);
}

function instanceRow(entry: JournalEntry, attributes: IndexedAttributes, base: string): IndexedAttributes {
  return {
    ...only(attributes, ["study", "series", "instance"]),
    ...uid("StudyInstanceUID", entry.studyInstanceUid),
    ...uid("SeriesInstanceUID", entry.seriesInstanceUid),
    ...uid("SOPInstanceUID", entry.sopInstanceUid),
    ...uid("SOPClassUID", entry.sopClassUid),
    ...uid("AvailableTransferSyntaxUID", entry.transferSyntaxUid),
    ...available,
    ...retrieveUrl(instanceUrl(base, entry)),
  };
}

function* studyRows(index: ObjectIndex, scope: InstanceScope, base: string): Iterable<IndexedAttributes> {
  for (const study of index.studies(scope)) {
    yield {
      ...only(study.attributes, ["study"]),
      ...uid("StudyInstanceUID", study.studyInstanceUid),
      [tagOf("ModalitiesInStudy")]: { vr: "CS", Value: study.modalities },
      [tagOf("SOPClassesInStudy")]: { vr: "UI", Value: study.sopClassUids },
      [tagOf("NumberOfStudyRelatedSeries")]: { vr: "IS", Value: [study.series] },
      [tagOf("NumberOfStudyRelatedInstances")]: { vr: "IS", Value: [study.instances] },
      ...available,
      ...retrieveUrl(studyUrl(base, study.studyInstanceUid)),
    };
  }
}

function* seriesRows(index: ObjectIndex, scope: InstanceScope, base: string): Iterable<IndexedAttributes> {
  for (const series of index.series(scope)) {
    yield {
      ...only(series.attributes, ["study", "series"]),
      ...uid("StudyInstanceUID", series.studyInstanceUid),
      ...uid("SeriesInstanceUID", series.seriesInstanceUid),
      [tagOf("NumberOfSeriesRelatedInstances")]: { vr: "IS", Value: [series.instances] },
      ...available,
      ...retrieveUrl(seriesUrl(base, series.studyInstanceUid, series.seriesInstanceUid)),
    };
  }
}

const available: IndexedAttributes = { [tagOf("InstanceAvailability")]: { vr: "CS", Value: ["ONLINE"] } };

/** From the journal, which has it even where the object could not be read for the index. */
const uid = (keyword: string, value: string): IndexedAttributes => ({
  [tagOf(keyword)]: { vr: "UI", Value: [value] },
});

const retrieveUrl = (url: string): IndexedAttributes => ({
  [tagOf("RetrieveURL")]: { vr: "UR", Value: [url] },
});

function only(attributes: IndexedAttributes, levels: readonly QueryLevel[]): IndexedAttributes {
  const tags = levels.flatMap((level) => keywordsOf[level]).map(tagOf);
  return Object.fromEntries(tags.flatMap((tag) => (attributes[tag] ? [[tag, attributes[tag]]] : [])));
}
