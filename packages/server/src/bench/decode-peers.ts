/** What decodes a folder of compressed DICOM files beside us: gdcm in processes that live on, dcmtk in a process for each file. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export type DecodePeer = {
  readonly name: string;
  readonly isThere: () => boolean;
  /** @throws Error when it fails. */
  readonly decode: (dir: string, processes: number) => Spent;
};

/**
 * Milliseconds that passed, and those of the processors where they are known: these say more on a busy machine.
 * `mainMs`: of them, those of a thread that there is only one of.
 */
export type Spent = { readonly ms: number; readonly cpuMs?: number; readonly mainMs?: number };

/** Where none of them is installed. */
export const decodersAbsent =
  "is not installed: apt-get install --no-install-recommends python3-gdcm dcmtk brings both";

const python = "/usr/bin/python3";

export const gdcm: DecodePeer = {
  name: "gdcm",
  isThere: () => spawnSync(python, ["-c", "import gdcm"]).status === 0,
  decode: (dir, processes) => {
    const script = fileURLToPath(new URL("./decode-gdcm.py", import.meta.url));
    const [ms, cpuMs] = output(python, [script, dir, String(processes)])
      .split(" ")
      .map(Number);
    return { ms: ms!, cpuMs: cpuMs! };
  },
};

export const dcmtk: DecodePeer = {
  name: "dcmdjpls, a process for each file",
  isThere: () => spawnSync("dcmdjpls", ["--version"]).status === 0,
  decode: (dir, processes) => {
    const startedMs = performance.now();
    const each = 'find "$0" -name "*.dcm" -print0 | xargs -0 -P "$1" -I FILE dcmdjpls FILE /dev/null';
    output("/bin/sh", ["-c", each, dir, String(processes)]);
    return { ms: performance.now() - startedMs };
  },
};

function output(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.slice(0, 200)}`);
  return stdout;
}
