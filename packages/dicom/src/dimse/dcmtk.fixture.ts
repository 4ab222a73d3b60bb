/** dcmtk's tools as peers, and objects of several transfer syntaxes made by them. */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** With Nagle's algorithm every message would wait 40 ms. */
const noDelay = "TCP_NODELAY=1";

/** @throws when the tool's exit status is not 0; standard output otherwise. */
export async function dcmtk(tool: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run("env", [noDelay, tool, ...args], { timeout: 60_000 });
  return stdout + stderr;
}

export function startDcmtk(tool: string, ...args: readonly string[]): ChildProcess {
  return spawn("env", [noDelay, tool, ...args], { stdio: "ignore" });
}

export async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await exit;
}

/** dcmconv leaves a deflated data set odd where PS3.5 annex A.5 asks for a zero byte; dcmtk's own receiver then aborts. */
async function padToEven(path: string): Promise<void> {
  if ((await dataSetOf(path)).length % 2 === 1) await appendFile(path, Buffer.alloc(1));
}

export type MadeObject = {
  readonly path: string;
  readonly transferSyntaxUid: string;
  /** What storescu must be told to propose. */
  readonly proposal: string;
};

/** Transfer syntax, the tool that converts to it with its arguments, storescu's option. */
const conversions = [
  ["1.2.840.10008.1.2", ["dcmconv", "+ti"], "-xi"],
  ["1.2.840.10008.1.2.1", ["dcmconv", "+te"], "-xe"],
  ["1.2.840.10008.1.2.2", ["dcmconv", "+tb"], "-xb"],
  ["1.2.840.10008.1.2.1.99", ["dcmconv", "+td"], "-xd"],
  ["1.2.840.10008.1.2.5", ["dcmcrle"], "-xr"],
  ["1.2.840.10008.1.2.4.70", ["dcmcjpeg", "+e1"], "-xs"],
  ["1.2.840.10008.1.2.4.80", ["dcmcjpls"], "-xt"],
] as const;

export const sopClassUid = "1.2.840.10008.5.1.4.1.1.7";

export async function makeObjects(folder: string): Promise<MadeObject[]> {
  const dump = join(folder, "image.dump");
  const original = join(folder, "original.dcm");
  await writeFile(dump, imageDump());
  await dcmtk("dump2dcm", "+l", "20000", dump, original);
  const made: MadeObject[] = [];
  for (const [transferSyntaxUid, [tool, ...args], proposal] of conversions) {
    const path = join(folder, `${transferSyntaxUid}.dcm`);
    await dcmtk(tool, ...args, original, path);
    await padToEven(path);
    made.push({ path, transferSyntaxUid, proposal });
  }
  return made;
}

/** What follows the file meta group: its length stands in (0002,0000), at byte 140. */
export async function dataSetOf(path: string): Promise<Buffer> {
  const file = await readFile(path);
  return file.subarray(144 + file.readUInt32LE(140));
}

function imageDump(): string {
  const pixels = Array.from({ length: 64 * 64 }, (_, index) => ((index * 37) % 251).toString(16)).join("\\");
  return [
    `(0008,0016) UI [${sopClassUid}]`,
    "(0008,0018) UI [2.25.77]",
    "(0008,0060) CS [OT]",
    "(0010,0020) LO [NONE]",
    "(0020,000d) UI [2.25.78]",
    "(0020,000e) UI [2.25.79]",
    "(0028,0002) US 1",
    "(0028,0004) CS [MONOCHROME2]",
    "(0028,0010) US 64",
    "(0028,0011) US 64",
    "(0028,0100) US 8",
    "(0028,0101) US 8",
    "(0028,0102) US 7",
    "(0028,0103) US 0",
    `(7fe0,0010) OB ${pixels}`,
  ].join("\n");
}
