/** The closing line of a whole run, counted from the runners' own reports: `N passed, N failed`. No test at all is a failure. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2] ?? "";
const reports = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
/** @param {string} key */
const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
const passed = sum("numPassedTests");
const failed = sum("numFailedTests");
process.stdout.write(`${passed} passed, ${failed} failed, ${sum("numPendingTests")} skipped\n`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
