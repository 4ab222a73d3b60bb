/** The four UIDs without which an object can be neither stored nor named. */
import { DicomFault, type DicomFaultCode } from "../faults.ts";
import { isUid } from "@releve/domain/ids";
import type { Attributes } from "./attributes.ts";
import { warn, type ReaderState } from "./reader-state.ts";

export type ObjectIdentity = {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
};

/** Older writers put zeros before components; nothing but digits and dots may reach a store, a URL or a peer. */
const tolerableUid = /^[0-9]+(\.[0-9]+)*$/;
const longestUid = 64;

/**
 * SOP Class and Instance UID may come from the file meta information where the data set lacks them.
 * @throws DicomFault naming the attribute, or why reading ended before it.
 */
export function objectIdentity(
  state: ReaderState,
  attributes: Attributes,
  meta: Attributes | undefined,
): ObjectIdentity {
  const uid = (keyword: string, code: DicomFaultCode, metaKeyword?: string): string => {
    const own = attributes.string(keyword);
    const value = own ?? (metaKeyword === undefined ? undefined : meta?.string(metaKeyword));
    if (value === undefined) throw missing(state, keyword, code);
    if (own === undefined) warn(state, `${keyword} taken from the file meta information`);
    else if (metaKeyword && meta && differs(meta.string(metaKeyword), own))
      warn(state, `${keyword} is another than the file meta information says`);
    return checked(state, keyword, value);
  };
  return {
    sopClassUid: uid("SOPClassUID", "NO_SOP_CLASS_UID", "MediaStorageSOPClassUID"),
    sopInstanceUid: uid("SOPInstanceUID", "NO_SOP_INSTANCE_UID", "MediaStorageSOPInstanceUID"),
    studyInstanceUid: uid("StudyInstanceUID", "NO_STUDY_INSTANCE_UID"),
    seriesInstanceUid: uid("SeriesInstanceUID", "NO_SERIES_INSTANCE_UID"),
  };
}

function differs(claimed: string | undefined, own: string): boolean {
  return claimed !== undefined && claimed !== own;
}

function missing(state: ReaderState, keyword: string, code: DicomFaultCode): DicomFault {
  if (state.stopped && state.stopped !== "PIXELS")
    return new DicomFault(state.stopped, `reading ended before ${keyword}`);
  return new DicomFault(code, `${keyword} is absent or empty`);
}

function checked(state: ReaderState, keyword: string, value: string): string {
  if (isUid(value)) return value;
  if (value.length > longestUid || !tolerableUid.test(value))
    throw new DicomFault("BAD_UID", `${keyword} is not a UID`);
  warn(state, `${keyword} breaks the rules of a UID`);
  return value;
}
