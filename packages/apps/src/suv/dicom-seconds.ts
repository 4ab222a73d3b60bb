/** Dates and times of a header (PS3.5 6.2, VRs DA, TM and DT) as seconds on one clock; only differences mean anything. */

const secondsPerDay = 86_400;

/** @returns undefined where the date or the time is missing or none. A time may stop after the hour or the minute. */
export function secondsOf(date: string | undefined, time: string | undefined): number | undefined {
  const day = dayOf(date);
  const within = secondsOfDay(time);
  return day === undefined || within === undefined ? undefined : day * secondsPerDay + within;
}

/**
 * Of a DT, on the clock of the series: where both the DT and the series (Timezone Offset From UTC) name an offset, the
 * difference is taken out; else both are local times of one place.
 */
export function secondsOfDateTime(
  text: string | undefined,
  seriesOffset: string | undefined,
): number | undefined {
  const [, date, time, offset] = /^(\d{8})(\d{2}[\d.]*)([+-]\d{4})?$/.exec(text ?? "") ?? [];
  const local = secondsOf(date, time);
  const [own, wanted] = [offsetSeconds(offset), offsetSeconds(seriesOffset)];
  if (local === undefined || own === undefined || wanted === undefined) return local;
  return local - own + wanted;
}

/** 00:00 of that day. */
export function startOfDay(seconds: number): number {
  return Math.floor(seconds / secondsPerDay) * secondsPerDay;
}

export function secondsOfDay(time: string | undefined): number | undefined {
  // ACR-NEMA wrote colons.
  const match = /^(\d{2})(\d{2})?(\d{2})?(\.\d{1,6})?$/.exec((time ?? "").replaceAll(":", ""));
  if (!match) return undefined;
  const [, hours, minutes, seconds, fraction] = match;
  const [h, m, s] = [Number(hours), Number(minutes ?? 0), Number(seconds ?? 0)];
  return h < 24 && m < 60 && s <= 60 ? h * 3600 + m * 60 + s + Number(fraction ?? 0) : undefined;
}

/** Days since 1970. */
function dayOf(date: string | undefined): number | undefined {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(date ?? "") ?? [];
  if (year === undefined) return undefined;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return at.getUTCMonth() === Number(month) - 1 ? at.getTime() / 1000 / secondsPerDay : undefined;
}

function offsetSeconds(offset: string | undefined): number | undefined {
  const [, sign, hours, minutes] = /^([+-])(\d{2})(\d{2})$/.exec(offset ?? "") ?? [];
  if (hours === undefined) return undefined;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
