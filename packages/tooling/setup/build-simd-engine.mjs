import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildFailure, sentenceFor } from "./failure.mjs";
import { fingerprint, isDue, readStamp, writeStamp } from "./fingerprint.mjs";
import { createProgress } from "./progress.mjs";
import { runTool } from "./run-tool.mjs";

const limitMs = 2 * 60_000;
const kernels = "packages/kernels";
const inputPaths = [
  `${kernels}/assembly`,
  `${kernels}/package.json`,
  "packages/tooling/setup/build-simd-engine.mjs",
];

/** Relaxed SIMD is faster and invalid before Node 22: both are built, and chosen between at start. */
const builds = [
  { file: "simd-engine.wasm", features: "simd,threads" },
  { file: "simd-engine-relaxed.wasm", features: "simd,threads,relaxed-simd" },
];

/**
 * Compiles the SIMD engine from AssemblyScript unless it was compiled from these very files.
 * @param {string} root
 * @param {import("./progress.mjs").Progress} progress
 */
export async function buildSimdEngine(root, progress) {
  const dist = join(root, kernels, "dist");
  const stampFile = join(dist, "simd-engine.stamp");
  const inputs = fingerprint(root, inputPaths);
  const productThere = builds.every(({ file }) => existsSync(join(dist, file)));
  if (!isDue({ stamp: readStamp(stampFile), inputs, productThere })) return;
  mkdirSync(dist, { recursive: true });
  await progress.step("Building the SIMD engine", async () => {
    for (const build of builds) await compile(root, dist, build, progress);
  });
  writeStamp(stampFile, inputs);
}

/**
 * @param {string} root
 * @param {string} dist
 * @param {typeof builds[number]} build
 * @param {import("./progress.mjs").Progress} progress
 */
async function compile(root, dist, { file, features }, progress) {
  // Two test runs may build at once: each its own file, and whoever is last puts the same one there.
  const own = join(dist, `${process.pid}-${file}`);
  const compiler = join(root, kernels, "node_modules/assemblyscript/bin/asc.js");
  const args = [
    compiler,
    `${kernels}/assembly/engine.ts`,
    "-o",
    own,
    "-O3",
    "--noAssert",
    "--runtime",
    "stub",
  ];
  // Addresses below the first page's end are the caller's: see src/simd/memory-plan.ts.
  const memory = ["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"];
  // v128 between functions of the module itself, which the compiler takes for an exchange with JavaScript.
  const quiet = ["--disableWarning", "112"];
  const result = await runTool(process.execPath, [...args, "--enable", features, ...memory, ...quiet], {
    log: progress.log,
    timeoutMs: limitMs,
    cwd: root,
  });
  if (result.kind === "missing" || !result.ok)
    throw buildFailure(
      "Building the SIMD engine",
      result.kind === "ended" ? result.output : "",
      progress.logFile,
    );
  renameSync(own, join(dist, file));
}

/** Where tests or an image build run without the other steps of the set-up. Vitest calls it before the first test. */
export async function setup() {
  const root = fileURLToPath(new URL("../../..", import.meta.url));
  await buildSimdEngine(root, createProgress(join(root, ".cache/build-simd-engine.log")));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await setup().catch((error) => {
    process.stderr.write(`${sentenceFor(error) ?? error.stack}\n`);
    process.exitCode = 1;
  });
