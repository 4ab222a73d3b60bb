/**
 * The one door of every npm script: `node packages/tooling/setup/run.mjs COMMAND ARGS...`.
 * Plain JavaScript without a dependency, because nothing is installed yet when it runs.
 */
import { nodeRefusal } from "./node-refusal.mjs";

const refusal = nodeRefusal(process.versions.node);
if (refusal) {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 1;
} else {
  // Loaded only now: an older Node may not even parse what follows.
  const { runCommand } = await import("./run-command.mjs");
  process.exitCode = await runCommand(process.argv.slice(2));
}
