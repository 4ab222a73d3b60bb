/** STOW-RS (PS3.18 section 10.5): a body of DICOM files, each answered with what became of it. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { IntakeOutcome, RefusalCode } from "../../intake/intake-outcome.ts";
import type { Intake } from "../../intake/open-intake.ts";
import { quarantinedStatus } from "../dimse-status-of.ts";
import { sendProblem } from "../problem.ts";
import { parseMediaType } from "./media-type.ts";
import { multipartParts } from "./multipart.ts";
import { MultipartFault } from "./multipart-fault.ts";

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
  const status = statusOf(outcomes, fault !== undefined);
  return reply.code(status).type("application/dicom+json").send(responseOf(request, outcomes));
}

/** Parts before a broken one were received: they are answered, and the status says that not all went well. */
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
    return { outcomes, fault: error };
  }
  return { outcomes, fault: undefined };
}

const isStored = (outcome: IntakeOutcome): boolean =>
  outcome.kind !== "quarantined" && outcome.kind !== "refused";

/** PS3.18 table 10.5.3-1: 200 all stored, 202 some, 409 none; where none was for want of room the sender may try later. */
function statusOf(outcomes: readonly IntakeOutcome[], broken: boolean): number {
  const stored = outcomes.filter(isStored).length;
  if (stored === outcomes.length && !broken) return 200;
  if (stored > 0) return 202;
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
  const base = `${request.protocol}://${request.host}/dicom-web`;
  const referenced = outcomes.flatMap((outcome) =>
    isStored(outcome) && "entry" in outcome ? [outcome.entry] : [],
  );
  const failed = outcomes.filter((outcome) => !isStored(outcome));
  return {
    ...(referenced.length > 0 && {
      "00081199": {
        vr: "SQ",
        Value: referenced.map((entry) => ({
          ...reference(entry),
          "00081190": { vr: "UR", Value: [instanceUrl(base, entry)] },
        })),
      },
    }),
    ...(failed.length > 0 && { "00081198": { vr: "SQ", Value: failed.map(failure) } }),
  };
}

type InstanceName = {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
};

export function instanceUrl(base: string, name: InstanceName): string {
  const [study, series, instance] = [name.studyInstanceUid, name.seriesInstanceUid, name.sopInstanceUid].map(
    encodeURIComponent,
  );
  return `${base}/studies/${study}/series/${series}/instances/${instance}`;
}

const reference = ({ sopClassUid, sopInstanceUid }: { sopClassUid: string; sopInstanceUid: string }) => ({
  "00081150": { vr: "UI", Value: [sopClassUid] },
  "00081155": { vr: "UI", Value: [sopInstanceUid] },
});

function failure(outcome: IntakeOutcome) {
  const identity = outcome.kind === "refused" ? outcome.identity : outcome.entry;
  const reason = outcome.kind === "refused" ? failureReason[outcome.code] : quarantinedStatus;
  return { ...(identity && reference(identity)), "00081197": { vr: "US", Value: [reason] } };
}
