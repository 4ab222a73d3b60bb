import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildConsole } from "./build-console.mjs";
import { buildSimdEngine } from "./build-simd-engine.mjs";
import { commands, helpText } from "./commands.mjs";
import { sentenceFor } from "./failure.mjs";
import { findNode24 } from "./find-node24.mjs";
import { handOver } from "./hand-over.mjs";
import { installDependencies } from "./install-dependencies.mjs";
import { bringNatsServer } from "./nats/bring-nats-server.mjs";
import { createProgress } from "./progress.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const cache = join(root, ".cache");

/**
 * @param {readonly string[]} argv command and arguments
 * @returns {Promise<number>} the exit code
 */
export async function runCommand([name = "--help", ...args]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const asked = name === "--help" || name === "help";
    process[asked ? "stdout" : "stderr"].write(`${asked ? "" : `Unknown command ${name}.\n`}${helpText()}\n`);
    return asked ? 0 : 2;
  }
  process.chdir(root);
  try {
    const { node24, env } = await setUp(command);
    return await handOver(node24, command.run(args), env);
  } catch (error) {
    const sentence = sentenceFor(error);
    if (!sentence) throw error;
    process.stderr.write(`${sentence}\n`);
    return 1;
  }
}

/** @param {import("./commands.mjs").Command} command */
async function setUp(command) {
  const progress = createProgress(join(cache, "setup.log"));
  await installDependencies(root, cache, progress);
  const node24 = await findNode24(root, progress);
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    PATH: [join(root, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
    // Half of a process's start is reading TypeScript; a role that was lost is back the sooner.
    NODE_COMPILE_CACHE: join(cache, "compiled"),
  };
  if (command.needs.includes("nats"))
    env["RELEVE_NATS_SERVER"] = await bringNatsServer(cache, process.env["RELEVE_NATS_SERVER"], progress);
  if (command.needs.includes("simd")) await buildSimdEngine(root, progress);
  if (command.needs.includes("console")) await buildConsole(root, cache, env, progress);
  return { node24, env };
}
