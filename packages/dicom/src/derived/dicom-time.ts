/** An instant as DICOM date and time. */

export type DicomTime = { readonly date: string; readonly time: string };

/**
 * `offset` is a Timezone Offset From UTC such as "+0200". It counts for every date and time of a data set, also those
 * copied from the source: so the new ones are written in the source's zone, and in UTC where the source states none.
 */
export function dicomTime(atMs: number, offset: string | undefined): DicomTime {
  const iso = new Date(atMs + offsetMinutes(offset) * 60_000).toISOString();
  return { date: iso.slice(0, 10).replaceAll("-", ""), time: iso.slice(11, 23).replaceAll(":", "") };
}

/** PS3.3 C.12.1.1.8: -1200 to +1400, and "-0000" is not allowed. */
export function isUtcOffset(text: string | undefined): text is string {
  return text !== undefined && text !== "-0000" && /^[+-](0\d|1[0-4])[0-5]\d$/.test(text);
}

function offsetMinutes(offset: string | undefined): number {
  if (!isUtcOffset(offset)) return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3));
  return offset.startsWith("-") ? -minutes : minutes;
}
