/** A finding with its numbers rounded for people: six significant digits. */
import type { Finding } from "@releve/domain/series-split";

export function finding(
  code: string,
  reason: string,
  detail: Readonly<Record<string, number>> = {},
): Finding {
  const entries = Object.entries(detail).map(([name, value]) => [name, round(value)] as const);
  return entries.length > 0 ? { code, reason, detail: Object.fromEntries(entries) } : { code, reason };
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}
