/** The fields that the stored events are made of. */
import { isDigest, isName, isUuid } from "@releve/domain/ids";
import type {
  DeliveryId,
  Digest,
  JobId,
  NodeId,
  SessionId,
  SiteId,
  StudyId,
  SubjectId,
  Uuid,
} from "@releve/domain/ids";
import { z } from "zod";
import type { Version } from "../event-log.ts";
import type { EventType } from "../events.ts";

const isText =
  (test: (text: string) => boolean) =>
  (value: unknown): boolean =>
    typeof value === "string" && test(value);

export const uuid = <Id extends Uuid | StudyId | JobId | DeliveryId | SessionId | SubjectId>() =>
  z.custom<Id>(isText(isUuid), "not a UUID");
export const digest = z.custom<Digest>(isText(isDigest), "not a SHA-256 digest");
export const node = z.custom<NodeId>(isText(isName), "not a node name");
export const site = z.custom<SiteId>(isText(isName), "not a site name");
export const study = uuid<StudyId>();
export const job = uuid<JobId>();
export const delivery = uuid<DeliveryId>();
export const session = uuid<SessionId>();
export const subject = uuid<SubjectId>();
export const count = z.int().nonnegative();
export const attempt = z.int().positive();
export const epoch = z.int().positive();
export const token = z.strictObject({
  epoch,
  version: z.custom<Version>(
    (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    "not a version",
  ),
});
export const host = z.strictObject({ node, site });
export const incarnation = z.string().exactOptional();

export const storedObject = z.strictObject({
  digest,
  bytes: count,
  sopClassUid: z.string(),
  sopInstanceUid: z.string(),
  seriesInstanceUid: z.string(),
  transferSyntaxUid: z.string(),
});
export const picture = z.strictObject({ digest, seriesInstanceUid: z.string(), title: z.string() });

/** One event, strict: a field that is not here is neither written nor read. */
export const event = <Type extends EventType, Shape extends z.core.$ZodLooseShape>(
  type: Type,
  shape: Shape,
) => z.strictObject({ type: z.literal(type), ...shape });
