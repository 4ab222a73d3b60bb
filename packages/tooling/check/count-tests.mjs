/** The closing line of a whole run, counted from the runners' own reports: `N passed, N failed`. No test at all is a failure. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, success: boolean }} Report
 * @param {readonly Report[]} reports one per suite
 * @returns {{ line: string, ok: boolean }}
 */
export function closingLine(reports) {
  const passed = sum(reports.map(({ numPassedTests }) => numPassedTests));
  const skipped = sum(reports.map(({ numPendingTests }) => numPendingTests));
  // A file that does not even load holds no failed test, yet its suite has failed.
  const failed = sum(reports.map((report) => Math.max(report.numFailedTests, report.success ? 0 : 1)));
  return { line: `${passed} passed, ${failed} failed, ${skipped} skipped`, ok: passed > 0 && failed === 0 };
}

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

/** @param {string} folder @returns {Report[]} */
function readReports(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
}

// A set-up that failed leaves no Node 24 behind: this must run, and count nothing, on Node 20 too.
if (process.argv[1]?.endsWith("count-tests.mjs")) {
  const { line, ok } = closingLine(readReports(process.argv[2] ?? ""));
  process.stdout.write(`${line}\n`);
  process.exitCode = ok ? 0 : 1;
}
