/** When a frame was acquired, as milliseconds on the scanner's own clock: only differences of it leave this package. */
import type { Attributes } from "../data-set/attributes.ts";
import type { FrameGroups } from "./frame-groups.ts";

const dateTimePattern = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(\.\d{1,6})?/;
const timePattern = /^(\d{2}):?(\d{2}):?(\d{2})(\.\d{1,6})?$/;

export function acquisitionMs(groups: FrameGroups): number | undefined {
  if (groups.multiFrame) {
    const content = groups.macro("FrameContentSequence");
    const text = content?.string("FrameAcquisitionDateTime") ?? content?.string("FrameReferenceDateTime");
    if (text) return dateTimeMs(text);
  }
  return (
    ofDay(groups.root, "AcquisitionDate", "AcquisitionTime") ??
    dateTimeMs(groups.root.string("AcquisitionDateTime") ?? "")
  );
}

export function contentMs(groups: FrameGroups): number | undefined {
  return ofDay(groups.root, "ContentDate", "ContentTime");
}

/** A time that cannot be read still tells images apart: its text, to be shown only as a number. */
export function unreadableTime({ root }: FrameGroups): string | undefined {
  const text = root.string("AcquisitionTime");
  return text !== undefined && !timePattern.test(text) ? text : undefined;
}

function ofDay(root: Attributes, dateKeyword: string, timeKeyword: string): number | undefined {
  const [, hours, minutes, seconds, fraction] = timePattern.exec(root.string(timeKeyword) ?? "") ?? [];
  if (hours === undefined) return undefined;
  const date = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(root.string(dateKeyword) ?? "");
  const day = date ? Date.UTC(Number(date[1]), Number(date[2]) - 1, Number(date[3])) : 0;
  return day + clockMs(hours, minutes!, seconds, fraction);
}

function dateTimeMs(text: string): number | undefined {
  const [, year, month, day, hours, minutes, seconds, fraction] = dateTimePattern.exec(text) ?? [];
  if (year === undefined) return undefined;
  return (
    Date.UTC(Number(year), Number(month) - 1, Number(day)) + clockMs(hours!, minutes!, seconds, fraction)
  );
}

function clockMs(hours: string, minutes: string, seconds = "0", fraction = "0"): number {
  return (
    Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(fraction)) * 1e6) / 1e3
  );
}
