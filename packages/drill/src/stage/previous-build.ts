/** The previous commit's code, unpacked beside this one with the same dependencies: what half of an upgrade runs. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { cp, mkdir, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ManagedProcess, RunningSite } from "@releve/server/cluster/running-cluster";
import { DrillFault } from "../faults.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const previous = "HEAD~1";
const readyWithinMs = 60_000;
const archiveBytesMax = 512 * 1024 ** 2;
const run = promisify(execFile);

export type OlderProcess = { readonly stop: () => Promise<void> };

export type PreviousBuild = {
  /** Its short name. */
  readonly commit: string;
  /** Takes over the running process's settings, ends it for good, and runs the older code in its place. */
  readonly replace: (victim: ManagedProcess, site: RunningSite) => Promise<OlderProcess>;
};

/** Unpacked once a stage. @throws Error of git or tar. */
export async function previousBuild(stageDir: string): Promise<PreviousBuild> {
  const { stdout } = await run("git", ["rev-parse", "--short", previous], { cwd: root });
  const commit = stdout.trim();
  const dir = join(stageDir, `commit-${commit}`);
  if (!(await stat(join(dir, "node_modules")).catch(() => undefined))) await unpack(dir);
  return { commit, replace: (victim, site) => replace(dir, victim, site) };
}

async function unpack(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const archive = join(dir, "commit.tar");
  await run("git", ["archive", "--output", archive, previous], { cwd: root, maxBuffer: archiveBytesMax });
  await run("tar", ["-xf", archive, "-C", dir]);
  // The links between packages are relative, so they lead to the older packages; those of others lead into the root's.
  for (const name of await readdir(join(dir, "packages"))) {
    const links = join(root, "packages", name, "node_modules");
    if (await stat(links).catch(() => undefined))
      await cp(links, join(dir, "packages", name, "node_modules"), {
        recursive: true,
        verbatimSymlinks: true,
      });
  }
  await symlink(join(root, "node_modules"), join(dir, "node_modules"));
  await buildEngine(dir);
}

/** By its own set-up and from its own sources; today's product serves where they are the same. */
async function buildEngine(dir: string): Promise<void> {
  const product = "packages/kernels/dist";
  const builder = join(dir, "packages/tooling/setup/build-simd-engine.mjs");
  if (!(await stat(builder).catch(() => undefined))) return; // from before there was such an engine
  await cp(join(root, product), join(dir, product), { recursive: true });
  await run(process.execPath, [builder], { cwd: dir });
}

async function replace(dir: string, victim: ManagedProcess, site: RunningSite): Promise<OlderProcess> {
  const environment = await environmentOf(victim);
  await victim.killForGood();
  const log = openSync(join(dir, `${victim.name}.log`), "a");
  const within = site.namespace === undefined ? [] : ["ip", "netns", "exec", site.namespace];
  const main = join(dir, "packages/server/src/main.ts");
  const command = [
    ...within,
    process.execPath,
    "--disable-warning=ExperimentalWarning",
    main,
    "role",
    victim.role,
  ];
  const child = spawn(command[0]!, command.slice(1), {
    env: environment,
    stdio: ["ignore", log, log, "ipc"],
  });
  const gone = once(child, "exit");
  const limit = AbortSignal.timeout(readyWithinMs);
  const outcome = await Promise.race([
    once(child, "message", { signal: limit }).then(() => "ready"),
    gone.then(() => "ended"),
  ]).catch(() => "not ready in time");
  const stop = async () => {
    child.kill("SIGKILL");
    await gone;
  };
  if (outcome === "ready") return { stop };
  await stop();
  throw new DrillFault(
    "TOOL_FAILED",
    `${victim.name} of the previous commit ${outcome}; its log is in ${dir}`,
  );
}

/** As the kernel keeps it: the settings that its supervisor gave it. */
async function environmentOf(victim: ManagedProcess): Promise<Record<string, string>> {
  const pid = victim.pid();
  if (pid === undefined) throw new DrillFault("NOTHING_TO_HARM", `${victim.name} does not run`);
  const pairs = (await readFile(`/proc/${pid}/environ`, "utf8"))
    .split("\0")
    .filter((pair) => pair.includes("="));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}
