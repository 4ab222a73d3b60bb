/**
 * Whether a value may be written under its value representation (PS3.5 table 6.2-1). Text is written as UTF-8, so any
 * character may stand in a text value; lengths count characters. A replacement character betrays text that was not
 * decoded, and is no value.
 */

type Check = (value: string) => boolean;

// oxlint-disable-next-line no-control-regex -- control characters are what these look for
const noControl = /^[^\u0000-\u001f\u007f\ufffd\\]*$/;
// oxlint-disable-next-line no-control-regex -- text may hold CR, LF and FF, no other control character
const noControlButLines = /^[^\u0000-\u0009\u000b\u000e-\u001f\u007f\ufffd]*$/;

const within = (value: string, limit: number): boolean => Array.from(value).length <= limit;
const line =
  (limit: number): Check =>
  (value) =>
    noControl.test(value) && within(value, limit);
const text =
  (limit: number): Check =>
  (value) =>
    noControlButLines.test(value) && within(value, limit);
const pattern =
  (regex: RegExp): Check =>
  (value) =>
    regex.test(value);

const checks: Readonly<Record<string, Check>> = {
  AE: line(16),
  AS: pattern(/^\d{3}[DWMY]$/),
  CS: pattern(/^[A-Z0-9 _]{1,16}$/),
  DA: isDate,
  DS: (value) => value.length <= 16 && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value),
  DT: pattern(/^\d{4}(\d{2}){0,5}(\.\d{1,6})?([+-]\d{4})?$/),
  IS: (value) => /^[+-]?\d{1,11}$/.test(value) && Math.abs(Number(value)) <= 2 ** 31 - 1,
  LO: line(64),
  LT: text(10_240),
  PN: isPersonName,
  SH: line(16),
  ST: text(1024),
  TM: pattern(/^([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?$/),
  UC: line(1024),
  UI: (value) => value.length <= 64 && /^(0|[1-9]\d*)(\.(0|[1-9]\d*))*$/.test(value),
  UT: text(10_240),
};

/** @throws RangeError for a value representation that no table here copies. */
export function isWritable(vr: string, value: string): boolean {
  const check = checks[vr];
  if (!check) throw new RangeError(`no check for ${vr}`);
  return check(value);
}

function isDate(value: string): boolean {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(value) ?? [];
  if (!year || !month || !day) return false;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
}

const isNameGroup: Check = (group) => within(group, 64) && group.split("^").length <= 5;

/** Up to three component groups of 64 characters, each of up to five components. */
function isPersonName(value: string): boolean {
  const groups = value.split("=");
  return noControl.test(value) && groups.length <= 3 && groups.every(isNameGroup);
}
