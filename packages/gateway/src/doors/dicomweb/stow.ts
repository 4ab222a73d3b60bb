/** STOW-RS (PS3.18 section 10.5): a body of DICOM files, each answered with what became of it. */
import type { JournalEntry } from "@releve/store/journal-entry";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Identity, IntakeOutcome, RefusalCode } from "../../intake/intake-outcome.ts";
import type { Intake } from "../../intake/open-intake.ts";
import { quarantinedStatus } from "../dimse-status-of.ts";
import { sendProblem } from "../problem.ts";
import { parseMediaType } from "./media-type.ts";
import { multipartParts } from "./multipart.ts";
import { MultipartFault } from "./multipart-fault.ts";
import { baseUrl, instanceUrl } from "./resource-url.ts";

const limits = { maxParts: 10_000, maxHeaderBytes: 16 * 1024 };
const mostBodyBytes = 64 * 1024 ** 3;

type InStudy = { readonly Params: { readonly study?: string }; readonly Body: AsyncIterable<Uint8Array> };

export function stowDoor(intake: Intake) {
  return async (app: FastifyInstance): Promise<void> => {
    app.addContentTypeParser(/^multipart\/related/i, (_request, payload, done) => done(null, payload));
    const options = { bodyLimit: mostBodyBytes };
    app.post<InStudy>("/studies", options, async (request, reply) => store(intake, request, reply));
    app.post<InStudy>("/studies/:study", options, async (request, reply) => store(intake, request, reply));
  };
}

type Reply = Parameters<typeof sendProblem>[0];

async function store(intake: Intake, request: FastifyRequest<InStudy>, reply: Reply): Promise<Reply> {
  const media = parseMediaType(request.headers["content-type"] ?? "");
  const boundary = media?.parameters.get("boundary");
  if (
    media?.type !== "multipart/related" ||
    media.parameters.get("type")?.toLowerCase() !== "application/dicom"
  )
    return sendProblem(reply, 415, 'Send multipart/related; type="application/dicom".');
  if (!boundary) return sendProblem(reply, 400, "The Content-Type names no boundary.");
  const { outcomes, fault } = await receiveParts(intake, request, boundary);
  if (outcomes.length === 0) return sendProblem(reply, 400, fault?.message ?? "The body holds no part.");
  const status = statusOf(outcomes);
  if (status === 503) reply.header("retry-after", retryAfterSeconds);
  return reply.code(status).type("application/dicom+json").send(responseOf(request, outcomes));
}

/** Room is made by people, or by associations that end: a minute is soon enough. */
const retryAfterSeconds = 60;

/** Parts before a broken one were received: they are answered, with one failure for the rest. */
async function receiveParts(intake: Intake, request: FastifyRequest<InStudy>, boundary: string) {
  const outcomes: IntakeOutcome[] = [];
  const { study } = request.params;
  const announced = study === undefined ? {} : { studyInstanceUid: study };
  try {
    for await (const part of multipartParts(request.body, boundary, limits)) {
      outcomes.push(await intake.receive({ chunks: part.body, announced, door: "stow" }));
    }
  } catch (error) {
    if (!(error instanceof MultipartFault)) throw error;
    const broken: IntakeOutcome = { kind: "refused", code: "NOT_IDENTIFIED", reason: error.message };
    return { outcomes: outcomes.length > 0 ? [...outcomes, broken] : [], fault: error };
  }
  return { outcomes, fault: undefined };
}

const isStored = (outcome: IntakeOutcome): boolean =>
  outcome.kind !== "quarantined" && outcome.kind !== "refused";

/** PS3.18 table 10.5.3-1: 200 all stored, 202 some, 409 none; where none was for want of room the sender may try later. */
function statusOf(outcomes: readonly IntakeOutcome[]): number {
  if (outcomes.every(isStored)) return 200;
  if (outcomes.some(isStored)) return 202;
  const codes = new Set(
    outcomes.map((outcome) => (outcome.kind === "refused" ? outcome.code : "QUARANTINED")),
  );
  if (codes.size === 1 && codes.has("OUT_OF_RESOURCES")) return 503;
  if (codes.size === 1 && codes.has("OBJECT_TOO_LARGE")) return 413;
  return 409;
}

/** Failure Reason (0008,1197), PS3.3 C.14.1.1. */
const failureReason: Readonly<Record<RefusalCode, number>> = {
  OUT_OF_RESOURCES: 0xa700,
  OBJECT_TOO_LARGE: 0xa700,
  NOT_AS_ANNOUNCED: 0xa900,
  NOT_IDENTIFIED: 0xc000,
};

function responseOf(request: FastifyRequest, outcomes: readonly IntakeOutcome[]) {
  const base = baseUrl(request);
  const referenced = outcomes.flatMap((outcome) =>
    isStored(outcome) && "entry" in outcome ? [outcome.entry] : [],
  );
  const failed = outcomes.filter((outcome) => !isStored(outcome));
  return {
    ...sequence(
      "00081199",
      referenced.map((entry) => stored(base, entry)),
    ),
    ...sequence("00081198", failed.filter(isNamed).map(failure)),
    // Other Failures Sequence: what failed before it had a name.
    ...sequence("0008119A", failed.filter((outcome) => !isNamed(outcome)).map(failure)),
  };
}

function sequence(tag: string, items: readonly object[]) {
  return items.length > 0 ? { [tag]: { vr: "SQ", Value: items } } : {};
}

function stored(base: string, entry: JournalEntry) {
  return { ...reference(entry), "00081190": { vr: "UR", Value: [instanceUrl(base, entry)] } };
}

const identityOf = (outcome: IntakeOutcome): Identity | undefined =>
  outcome.kind === "refused" ? outcome.identity : outcome.entry;

const isNamed = (outcome: IntakeOutcome): boolean => identityOf(outcome) !== undefined;

function failure(outcome: IntakeOutcome) {
  const identity = identityOf(outcome);
  const reason = outcome.kind === "refused" ? failureReason[outcome.code] : quarantinedStatus;
  return { ...(identity && reference(identity)), "00081197": { vr: "US", Value: [reason] } };
}

function reference({ sopClassUid, sopInstanceUid }: Pick<Identity, "sopClassUid" | "sopInstanceUid">) {
  return {
    "00081150": { vr: "UI", Value: [sopClassUid] },
    "00081155": { vr: "UI", Value: [sopInstanceUid] },
  };
}
