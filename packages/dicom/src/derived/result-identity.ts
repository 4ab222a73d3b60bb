/** What every written object shares, of whatever kind: its UIDs, study and series, its times, and its bytes as a file. */
import { derivedUid, isUid, type Uid } from "@releve/domain/ids";
import type { Refusal } from "@releve/domain/refusal";
import { part10Prefix } from "../data-set/write-part10.ts";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "../uids/transfer-syntaxes.ts";
import type { DerivationContext, DerivationSource } from "./derivation-context.ts";
import type { DicomTime } from "./dicom-time.ts";
import { isUtcOffset } from "./dicom-time.ts";
import { elementsOf, type Elements } from "./elements.ts";
import { dataSetBytes, type EncodedElements } from "./explicit-vr.ts";
import { unusableAttribute } from "./unusable-attribute.ts";

export type WrittenObject = {
  readonly sopInstanceUid: Uid;
  readonly sopClassUid: string;
  readonly seriesInstanceUid: Uid;
  /** A DICOM file, Explicit VR Little Endian. */
  readonly bytes: Uint8Array<ArrayBuffer>;
};

type Job = Pick<DerivationContext, "jobId">;

/** UIDs depend on the job, the output's key and the index only: a repeated job writes the same objects. */
export function resultInstanceUid({ jobId }: Job, key: string, index: number): Uid {
  return derivedUid(`instance ${jobId} ${key} ${index}`);
}

export function resultSeriesUid({ jobId }: Job, key: string): Uid {
  return derivedUid(`series ${jobId} ${key}`);
}

/** Where the object belongs. `spatial`: it lies in the source's frame of reference, and is refused where there is none. */
export function identityElements(
  of: { readonly key: string; readonly sopClassUid: string; readonly modality: string },
  { studyInstanceUid, frameOfReferenceUid }: DerivationSource,
  context: DerivationContext,
  spatial: boolean,
): Elements | Refusal {
  if (!isUid(studyInstanceUid)) return unusableAttribute("StudyInstanceUID");
  if (spatial && (!frameOfReferenceUid || !isUid(frameOfReferenceUid)))
    return unusableAttribute("FrameOfReferenceUID");
  return elementsOf({
    SpecificCharacterSet: "ISO_IR 192",
    SOPClassUID: of.sopClassUid,
    Modality: of.modality,
    StudyInstanceUID: studyInstanceUid,
    SeriesInstanceUID: resultSeriesUid(context, of.key),
    FrameOfReferenceUID: spatial ? frameOfReferenceUid : undefined,
  });
}

/** PET copies Series Date and Time from its source over these. */
export function timeElements({ date, time }: DicomTime, offset: string | undefined): Elements {
  return elementsOf({
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    ContentDate: date,
    ContentTime: time,
    SeriesDate: date,
    SeriesTime: time,
    TimezoneOffsetFromUTC: isUtcOffset(offset) ? offset : undefined,
  });
}

export function writtenObject(
  object: Omit<WrittenObject, "bytes">,
  elements: EncodedElements,
): WrittenObject {
  const prefix = part10Prefix({ ...object, transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN });
  return { ...object, bytes: joined([prefix, ...dataSetBytes(elements)]) };
}

/** In memory of its own: a Buffer's `slice` and `buffer` would surprise whoever takes the bytes apart. */
function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}
