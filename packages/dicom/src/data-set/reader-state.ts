/** What one pass over a data set shares: the bytes, the limits, and what was noticed. */
import { tagText } from "./dicom-dictionary.ts";
import type { DicomFaultCode } from "../faults.ts";

export type ReadLimits = {
  /** Items within items. Real objects stay below 10; the reader recurses once a level. */
  readonly depth: number;
  /** Elements, items and fragments in the whole object: about 100 bytes of memory each. */
  readonly elements: number;
  /** What a deflated data set may become, in bytes. */
  readonly inflatedBytes: number;
};

export const defaultReadLimits: ReadLimits = {
  depth: 64,
  elements: 4_000_000,
  inflatedBytes: 1024 * 1024 * 1024,
};

/** Enough to see what is wrong; a hostile object must not fill the log. */
const warningLimit = 32;

export type StopCode = Extract<
  DicomFaultCode,
  "TRUNCATED" | "TOO_DEEP" | "TOO_MANY_ELEMENTS" | "BAD_ELEMENT" | "CORRUPT_DEFLATE"
>;

export type ReaderState = {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly limits: ReadLimits;
  readonly stopAtPixels: boolean;
  readonly warnings: string[];
  elementCount: number;
  /** Set once reading cannot go on; what was read stays. "PIXELS" is the wanted end of a header read. */
  stopped: StopCode | "PIXELS" | undefined;
};

export function readerState(
  bytes: Uint8Array,
  limits: ReadLimits,
  stopAtPixels: boolean,
  warnings: string[] = [],
): ReaderState {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, limits, stopAtPixels, warnings, elementCount: 0, stopped: undefined };
}

export function warn(state: { readonly warnings: string[] }, text: string, tag?: number): void {
  const line = tag === undefined ? text : `${text} ${tagText(tag)}`;
  if (state.warnings.length < warningLimit && !state.warnings.includes(line)) state.warnings.push(line);
}

export function stop(state: ReaderState, code: StopCode, text: string, tag?: number): void {
  if (state.stopped) return;
  state.stopped = code;
  warn(state, `${code}: ${text}`, tag);
}

/** Counts one more element, item or fragment; false when the object has too many. */
export function countOne(state: ReaderState): boolean {
  state.elementCount += 1;
  if (state.elementCount <= state.limits.elements) return true;
  stop(state, "TOO_MANY_ELEMENTS", "reading ended at the limit of elements");
  return false;
}

export function readTag(state: ReaderState, offset: number, littleEndian: boolean): number {
  const group = state.view.getUint16(offset, littleEndian);
  return group * 0x10000 + state.view.getUint16(offset + 2, littleEndian);
}
