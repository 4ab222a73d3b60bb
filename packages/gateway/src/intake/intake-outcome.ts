/** What became of an arriving object. The doors translate it, once each: DIMSE statuses, HTTP statuses and failure reasons. */
import type { JournalEntry } from "@releve/store/journal-entry";

export type RefusalCode =
  /** Free disk below its mark, or the disk failed, or too much is under way: the sender may try again later. */
  | "OUT_OF_RESOURCES"
  | "OBJECT_TOO_LARGE"
  /** Not DICOM, or without the UIDs by which an object is found. */
  | "NOT_IDENTIFIED"
  /** The message announced another SOP class or instance, or another study, than the data set holds. */
  | "NOT_AS_ANNOUNCED";

export type Identity = {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
};

export type IntakeOutcome =
  /** `entry` is on disk, and so are its bytes. `same`: they were there before, under this entry. */
  | { readonly kind: "stored" | "same" | "revision"; readonly entry: JournalEntry }
  /** Kept aside because other pixels lie under its SOP Instance UID. The sender is told that it failed. */
  | { readonly kind: "quarantined"; readonly entry: JournalEntry }
  /** Nothing was kept. `reason` is one sentence without patient data. */
  | {
      readonly kind: "refused";
      readonly code: RefusalCode;
      readonly reason: string;
      readonly identity?: Identity;
    };
