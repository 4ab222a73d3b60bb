/** Debian's Orthanc as the hospital's PACS: a process on fixed ports and in one folder, so that it can go down and come back. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { DrillFault } from "../faults.ts";

export type Orthanc = {
  /** REST interface, `http://127.0.0.1:port`. */
  readonly url: string;
  readonly dicomPort: number;
  /** In an orderly way; what it answered for is on its disk. */
  readonly stop: () => Promise<void>;
  /** On the same ports and folder. @throws DrillFault PACS_FAILED. */
  readonly start: () => Promise<void>;
};

export const orthancBinary = "Orthanc";
export const orthancAeTitle = "ORTHANC";
const startMs = 30_000;
const stopMs = 10_000;
const lookEveryMs = 50;

/** @param ports free ones: HTTP, DICOM. @throws DrillFault PACS_FAILED. */
export async function startOrthanc(dir: string, [http, dicom]: readonly [number, number]): Promise<Orthanc> {
  await mkdir(dir, { recursive: true });
  const file = join(dir, "orthanc.json");
  await writeFile(file, JSON.stringify(configuration(dir, http, dicom)));
  const url = `http://127.0.0.1:${http}`;
  let child: ChildProcess | undefined;
  const start = async () => {
    if (child) return;
    const log = openSync(join(dir, "orthanc.log"), "a");
    child = spawn(orthancBinary, [file], { stdio: ["ignore", log, log] });
    await answers(url, child, file);
  };
  const stop = async () => {
    if (child) await ended(child);
    child = undefined;
  };
  await start();
  return { url, dicomPort: dicom, start, stop };
}

const configuration = (dir: string, http: number, dicom: number) => ({
  Name: "PACS",
  StorageDirectory: dir,
  IndexDirectory: dir,
  RemoteAccessAllowed: false,
  AuthenticationEnabled: false,
  HttpPort: http,
  DicomAet: orthancAeTitle,
  DicomPort: dicom,
  DicomAlwaysAllowStore: true,
  UnknownSopClassAccepted: true,
  // What it has it keeps: a repeated object must be the same one, and the drill looks whether it is.
  OverwriteInstances: false,
});

async function answers(url: string, child: ChildProcess, file: string): Promise<void> {
  const untilMs = systemClock.nowMs() + startMs;
  const failed: string[] = [];
  child.once("error", (error) => failed.push(error.message));
  child.once("exit", (code, signal) => failed.push(`it ended (${signal ?? code})`));
  while (systemClock.nowMs() < untilMs && failed.length === 0) {
    const response = await fetch(`${url}/system`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await systemClock.wait(lookEveryMs);
  }
  child.kill("SIGKILL");
  throw new DrillFault(
    "PACS_FAILED",
    `Orthanc did not start with ${file}: ${failed[0] ?? "no answer in time"}`,
  );
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
  await gone;
  clearTimeout(timer);
}
