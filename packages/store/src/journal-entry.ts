/**
 * What the intake remembers of every object that it said Success to. No patient data: UIDs, digests, and who sent it.
 * Stored as written, for ever: a changed shape needs a new `kind` or optional fields.
 */
import { z } from "zod";
import type { Brand, Digest } from "@releve/domain/ids";

const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((text) => text as Digest);

const common = {
  studyInstanceUid: z.string(),
  seriesInstanceUid: z.string(),
  sopInstanceUid: z.string(),
  sopClassUid: z.string(),
  transferSyntaxUid: z.string(),
  /** Of the Part 10 file as it lies in the object store. */
  digest,
  bytes: z.int().nonnegative(),
  /** Of the data set without group 0002, of the same without the pixels, and of the decoded pixels. */
  dataSetDigest: digest,
  attributesDigest: digest,
  /** Absent where the pixels cannot be decoded, or there are none. */
  pixelDigest: digest.optional(),
  atMs: z.number(),
  door: z.enum(["dimse", "stow", "import"]),
  callingAeTitle: z.string().optional(),
};

export const journalEntrySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("stored"), ...common }).readonly(),
  /** Other attributes, the same pixels: it is what readers get from now on. */
  z.object({ kind: z.literal("revision"), replaces: digest, ...common }).readonly(),
  /** Other pixels under the same SOP Instance UID: kept aside, never served in its place. */
  z.object({ kind: z.literal("quarantined"), conflictsWith: digest, ...common }).readonly(),
]);

export type JournalEntry = z.infer<typeof journalEntrySchema>;

/** Orders the entries of one journal. Opaque: the next one is greater, not necessarily +1. */
export type Sequence = Brand<number, "Sequence">;
export type JournalRecord = { readonly sequence: Sequence; readonly entry: JournalEntry };
