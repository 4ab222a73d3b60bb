/** MUTANTS.md: what was planted, where, what a reviewer should learn from it, and what caught it. */
import type { Finding } from "../command/run-mutants.ts";
import type { Mutant } from "./mutant.ts";

export const mutantsFile = new URL("../../MUTANTS.md", import.meta.url);

export function mutantsDocument(findings: readonly Finding[]): string {
  const caught = findings.filter((finding) => finding.caught).length;
  return [
    "# Planted bugs",
    "",
    `${caught} of ${findings.length} are caught. Each replaces one piece of one file while that is loaded; the file on disk stays as it`,
    "is. Made by `npm run sim -- --mutants --write`; a test compares the list with `src/mutants`.",
    "",
    "| bug | file | what to learn from it | caught by |",
    "|---|---|---|---|",
    ...findings.map(
      ({ mutant, caught: by }) => `${firstCells(mutant)} ${by ? caughtBy(by) : "**not caught**"} |`,
    ),
    "",
  ].join("\n");
}

/** What a row says of the mutant itself. */
const firstCells = ({ name, file, lesson }: Mutant): string => `| ${name} | \`${file}\` | ${lesson} |`;

/** Without ids and times: which rule was broken. */
function caughtBy({ by }: NonNullable<Finding["caught"]>): string {
  return by
    .replace(/^\d+ ms: /, "")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…")
    .replaceAll("|", "/");
}
