/** The table of a set: for each fault how often it ran, the gaps, the violations. Pure. */
import type { RunResult } from "./run-result.ts";

export type NotRun = { readonly fault: string; readonly why: string };

const headings = [
  "fault",
  "runs",
  "gap median s",
  "gap max s",
  "ledger gap median s",
  "run median s",
  "run max s",
  "jobs",
  "dead-lettered",
  "violations",
];

/** A Markdown table that is readable on a terminal as well. */
export function resultsTable(results: readonly RunResult[], notRun: readonly NotRun[]): string {
  const rows = [...Map.groupBy(results, ({ fault }) => fault)].map(([fault, runs]) => rowOf(fault, runs));
  const missing = notRun.map(({ fault, why }) => [
    fault,
    `not run: ${why}`,
    ...headings.slice(2).map(() => ""),
  ]);
  return aligned([headings, ...rows, ...missing]);
}

function rowOf(fault: string, runs: readonly RunResult[]): string[] {
  const gaps = runs.flatMap(({ gapMs }) => gapMs ?? []);
  const total = (count: (run: RunResult) => number) => runs.reduce((sum, run) => sum + count(run), 0);
  return [
    fault,
    String(runs.length),
    seconds(median(gaps)),
    seconds(gaps.length === 0 ? undefined : Math.max(...gaps)),
    seconds(median(runs.map(({ ledgerGapMs }) => ledgerGapMs))),
    seconds(median(runs.map(({ tookMs }) => tookMs))),
    seconds(Math.max(...runs.map(({ tookMs }) => tookMs))),
    String(total(({ looked }) => looked.jobs)),
    String(total(({ looked }) => looked.deadLettered)),
    String(total(({ violations }) => violations.length)),
  ];
}

const seconds = (ms: number | undefined): string => (ms === undefined ? "-" : (ms / 1000).toFixed(1));

export function median(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length % 2 === 1) return sorted[middle];
  return sorted.length === 0 ? undefined : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`;
  const [head, ...body] = rows.map(line);
  return [head, rule, ...body].join("\n");
}
