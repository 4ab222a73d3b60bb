/**
 * What each command needs before it runs, and what it runs under Node 24. `--help` is printed from this table.
 * @typedef {{ help: string, needs: readonly ("nats" | "console" | "simd")[], run: (args: readonly string[]) => string[] }} Command
 */

const server = "packages/server/src/main.ts";

/** @type {Readonly<Record<string, Command>>} */
export const commands = {
  start: {
    help: "start everything on this machine and stay up; ctrl-c stops it",
    needs: ["nats", "console", "simd"],
    run: (args) => [server, "start", ...args],
  },
  cluster: {
    help: "start three sites on this machine and stay up; ctrl-c stops them",
    needs: ["nats", "console", "simd"],
    run: (args) => [server, "cluster", ...args],
  },
  demo: {
    help: "[DIR] [--out DIR]: run the main job once, on a folder of DICOM files or on a phantom",
    needs: ["nats", "console", "simd"],
    run: (args) => [server, "demo", ...args],
  },
  bench: {
    help: "NAME [--json FILE]: measure ours beside a peer, in turn",
    needs: ["nats", "console", "simd"],
    run: (args) => [server, "bench", ...args],
  },
  selftest: {
    help: "[--engine cpu] [--json]: run every kernel on a known object and print a table; 1 when one is wrong",
    needs: ["simd"],
    run: (args) => [server, "selftest", ...args],
  },
  releve: {
    help: "COMMAND ...: the `releve` command itself, such as `releve history`",
    needs: ["simd"],
    run: (args) => [server, ...args],
  },
  test: {
    help: "all tests that need no peer; a path limits them",
    needs: ["nats", "console", "simd"],
    run: (args) => vitest("test", ["unit", "int"], args),
  },
  peers: {
    help: "the tests against dcmtk, Orthanc, dciodvfy and Chromium, which must be installed",
    needs: ["nats", "console", "simd"],
    run: (args) => vitest("peers", ["peer"], args),
  },
  e2e: {
    help: "the stories in e2e/, in Debian's Chromium",
    needs: ["nats", "console", "simd"],
    run: (args) => vitest("e2e", ["e2e"], args),
  },
  check: {
    help: "lint, format, types, layering and unused code",
    needs: [],
    run: (args) => ["packages/tooling/check/check.mjs", ...args],
  },
  drill: {
    help: "FAULT|all [--runs N] [--out DIR]: do the running system harm and check what must hold",
    needs: ["nats", "console", "simd"],
    run: (args) => ["packages/drill/src/main.ts", ...args],
  },
  sim: {
    help: "[--seeds N] [--seed S --trace] [--mutants] [--every-step]: simulate the hand-over from seeds",
    needs: [],
    run: (args) => ["packages/simulator/src/main.ts", ...args],
  },
  "new:app": {
    help: "NAME: make the folder of a new application, with a reference and tests",
    needs: [],
    run: (args) => ["packages/tooling/new-app/new-app.mjs", ...args],
  },
};

export function helpText() {
  const lines = Object.entries(commands).map(([name, { help }]) => `  ${name.padEnd(9)} ${help}`);
  return ["usage: node packages/tooling/setup/run.mjs COMMAND [ARGS...]", "", ...lines].join("\n");
}

/**
 * The JSON report is what the closing line of a whole run is counted from.
 * @param {string} name @param {readonly string[]} projects @param {readonly string[]} args
 */
function vitest(name, projects, args) {
  const report = `--outputFile.json=.cache/test-results/${name}.json`;
  const chosen = projects.flatMap((project) => ["--project", project]);
  return [
    "node_modules/vitest/vitest.mjs",
    "run",
    ...chosen,
    "--reporter=default",
    "--reporter=json",
    report,
    ...args,
  ];
}
