/** Which stream holds which aggregate. Ids in subjects are UUIDs, never a DICOM UID or anything about a person. */
import {
  isUuid,
  uuidV5,
  type DeliveryId,
  type JobId,
  type NodeId,
  type SessionId,
  type SiteId,
  type StudyId,
  type SubjectId,
  type Uuid,
} from "@releve/domain/ids";
import { streamKinds, type StreamId, type StreamKind } from "./event-log.ts";

/** Drawn once, never to change: the streams of nodes and sites and the ledger's own are derived from it. */
const nodeNamespace = "a2c0a3ae-7d0e-4b43-9a51-0c6d5be0f1d4" as Uuid;

export const studyStream = (study: StudyId): StreamId => ({ kind: "study", id: study });
export const jobStream = (job: JobId): StreamId => ({ kind: "job", id: job });
export const deliveryStream = (delivery: DeliveryId): StreamId => ({ kind: "delivery", id: delivery });

export const nodeStream = (site: SiteId, node: NodeId): StreamId => ({
  kind: "node",
  id: uuidV5(nodeNamespace, `${site} ${node}`),
});

export const siteStream = (site: SiteId): StreamId => ({
  kind: "site",
  id: uuidV5(nodeNamespace, `site ${site}`),
});
export const sessionStream = (session: SessionId): StreamId => ({ kind: "session", id: session });
export const accessStream = (subject: SubjectId): StreamId => ({ kind: "access", id: subject });
export const adoptionStream: StreamId = { kind: "ledger", id: uuidV5(nodeNamespace, "ledger") };

export const subjectPrefix = "ledger";
export const subjectOf = (stream: StreamId): string => `${subjectPrefix}.${stream.kind}.${stream.id}`;

/** The stream that a subject names, or undefined when it names none. */
export function streamOfSubject(subject: string): StreamId | undefined {
  const [prefix, kind, id, ...rest] = subject.split(".");
  if (prefix !== subjectPrefix || rest.length > 0 || id === undefined || !isUuid(id)) return undefined;
  return isStreamKind(kind) ? { kind, id } : undefined;
}

const isStreamKind = (text: string | undefined): text is StreamKind =>
  streamKinds.some((kind) => kind === text);
