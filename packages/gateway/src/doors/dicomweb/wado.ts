/** WADO-RS (PS3.18 section 10.4): stored objects as they were received, their metadata, frames and bulk data. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { dataSetOf } from "@releve/dicom/data-set/data-set-attributes";
import { valueBytes } from "@releve/dicom/data-set/element-values";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { toDicomJson } from "@releve/dicom/json/to-dicom-json";
import { decodeFrame } from "@releve/dicom/pixels/decode-frame";
import { isRefusal } from "@releve/domain/refusal";
import type { JournalEntry } from "@releve/store/journal-entry";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Intake } from "../../intake/open-intake.ts";
import { sendProblem } from "../problem.ts";
import { matchesType, parseAccept } from "./accept.ts";
import { instanceUrl } from "./stow.ts";

type Scope = { readonly study: string; readonly series?: string; readonly instance?: string };
type Retrieve = { readonly Params: Scope & { readonly frames?: string; readonly tag?: string } };
type Request = FastifyRequest<Retrieve>;

const paths = [
  "/studies/:study",
  "/studies/:study/series/:series",
  "/studies/:study/series/:series/instances/:instance",
];
const instancePath = paths[2]!;

export function wadoDoor(intake: Intake) {
  return async (app: FastifyInstance): Promise<void> => {
    for (const path of paths) {
      app.get<Retrieve>(path, async (request, reply) => sendObjects(intake, request, reply));
      app.get<Retrieve>(`${path}/metadata`, async (request, reply) => sendMetadata(intake, request, reply));
    }
    app.get<Retrieve>(`${instancePath}/frames/:frames`, async (request, reply) =>
      sendFrames(intake, request, reply),
    );
    app.get<Retrieve>(`${instancePath}/bulkdata/:tag`, async (request, reply) =>
      sendBulkData(intake, request, reply),
    );
  };
}

async function entriesOf(intake: Intake, { study, series, instance }: Scope): Promise<JournalEntry[]> {
  const index = await intake.catalogue.current();
  const scope = { studyInstanceUid: study, seriesInstanceUid: series, sopInstanceUid: instance };
  return [...index.instances(scope)].map(({ entry }) => entry);
}

const notFound = (reply: FastifyReply) => sendProblem(reply, 404, "There is no such object here.");

/** Objects are sent as stored. A client that takes none of their transfer syntaxes is told so, not sent something else. */
async function sendObjects(intake: Intake, request: Request, reply: FastifyReply) {
  const wanted = parseAccept(request.headers.accept).filter((one) =>
    matchesType(one.type, "application/dicom"),
  );
  if (wanted.length === 0) return sendProblem(reply, 406, "Objects are sent as application/dicom.");
  const entries = await entriesOf(intake, request.params);
  if (entries.length === 0) return notFound(reply);
  const takes = ({ transferSyntaxUid: stored }: JournalEntry) =>
    wanted.some(({ transferSyntaxUid: asked }) => asked === undefined || asked === "*" || asked === stored);
  const acceptable = entries.filter(takes);
  if (acceptable.length === 0)
    return sendProblem(
      reply,
      406,
      "The objects are stored in a transfer syntax that the request does not accept.",
    );
  if (acceptable.length === 1 && wanted[0]?.multipart === false && wanted[0].type === "application/dicom")
    return reply.type("application/dicom").send(await intake.store.read(acceptable[0]!.digest));
  const parts = acceptable.map((entry) => ({
    type: `application/dicom;transfer-syntax=${entry.transferSyntaxUid}`,
    chunks: () => intake.store.stream(entry.digest),
  }));
  return sendParts(reply, "application/dicom", parts);
}

type Part = {
  readonly type: string;
  readonly chunks: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
};

function sendParts(reply: FastifyReply, type: string, parts: readonly Part[]) {
  const boundary = `releve-${crypto.randomUUID()}`;
  const out = new PassThrough();
  writeParts(out, boundary, parts).then(
    () => out.end(),
    (error: unknown) => out.destroy(error as Error),
  );
  return reply.type(`multipart/related; type="${type}"; boundary=${boundary}`).send(out);
}

async function writeParts(out: PassThrough, boundary: string, parts: readonly Part[]): Promise<void> {
  const gone = once(out, "close");
  const write = async (chunk: Uint8Array | string) => {
    if (!out.write(chunk)) await Promise.race([once(out, "drain"), gone]);
  };
  for (const part of parts) {
    await write(`--${boundary}\r\nContent-Type: ${part.type}\r\n\r\n`);
    for await (const chunk of part.chunks()) await write(chunk);
    await write("\r\n");
  }
  await write(`--${boundary}--\r\n`);
}

async function sendMetadata(intake: Intake, request: Request, reply: FastifyReply) {
  const wanted = parseAccept(request.headers.accept);
  if (!wanted.some(({ type }) => matchesType(type, "application/dicom+json") || type === "application/json"))
    return sendProblem(reply, 406, "Metadata is application/dicom+json.");
  const entries = await entriesOf(intake, request.params);
  if (entries.length === 0) return notFound(reply);
  const base = `${request.protocol}://${request.host}/dicom-web`;
  const metadata: unknown[] = [];
  for (const entry of entries) {
    const { attributes } = parseDicom(await intake.store.read(entry.digest));
    metadata.push(toDicomJson(attributes, (tag) => `${instanceUrl(base, entry)}/bulkdata/${tag}`));
  }
  return reply.type("application/dicom+json").send(JSON.stringify(metadata));
}

async function onlyObject(intake: Intake, request: Request) {
  const [entry] = await entriesOf(intake, request.params);
  return entry && parseDicom(await intake.store.read(entry.digest));
}

/** Decoded, little endian: what `application/octet-stream` means for frames (PS3.18 table 8.7.3-5). */
async function sendFrames(intake: Intake, request: Request, reply: FastifyReply) {
  const takesBytes = parseAccept(request.headers.accept).some(({ type }) =>
    matchesType(type, "application/octet-stream"),
  );
  if (!takesBytes) return sendProblem(reply, 406, "Frames are sent decoded, as application/octet-stream.");
  const numbers = (request.params.frames ?? "").split(",").map(Number);
  if (numbers.length > mostFrames || numbers.some((number) => !Number.isInteger(number) || number < 1))
    return sendProblem(reply, 400, `Frames are a list of up to ${mostFrames} numbers from 1.`);
  const object = await onlyObject(intake, request);
  if (!object) return notFound(reply);
  const parts: Part[] = [];
  for (const number of numbers) {
    const frame = await decodeFrame(object, number - 1);
    if (isRefusal(frame))
      return sendProblem(reply, frame.refused === "PIXELS_MISSING" ? 404 : 406, `${frame.reason}.`);
    const { buffer, byteOffset, byteLength } = frame.pixels;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    parts.push({ type: "application/octet-stream", chunks: () => [bytes] });
  }
  return sendParts(reply, "application/octet-stream", parts);
}

const mostFrames = 1000;

async function sendBulkData(intake: Intake, request: Request, reply: FastifyReply) {
  const object = await onlyObject(intake, request);
  const tag = Number.parseInt(request.params.tag ?? "", 16);
  if (!object) return notFound(reply);
  const dataSet = dataSetOf(object.attributes);
  const element = dataSet.elements.get(tag) ?? dataSet.elements.get(tag | 0);
  if (!element) return notFound(reply);
  if (element.encapsulated)
    return sendProblem(reply, 406, "Compressed pixel data is retrieved by its frames.");
  const bytes = valueBytes(dataSet.context, element);
  return sendParts(reply, "application/octet-stream", [
    { type: "application/octet-stream", chunks: () => [bytes] },
  ]);
}
