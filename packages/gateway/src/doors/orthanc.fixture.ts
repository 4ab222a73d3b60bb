/** A running Orthanc with its DICOMweb plugin, on free ports of loopback, and its REST interface. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { freePorts } from "@releve/testkit/free-ports";

export type Orthanc = {
  readonly url: string;
  readonly dicomPort: number;
  /** @throws Error with Orthanc's answer when it is no success. */
  readonly call: (
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    body?: unknown,
  ) => Promise<unknown>;
  readonly upload: (file: Uint8Array) => Promise<void>;
  readonly stop: () => Promise<void>;
};

const startMs = 30_000;

export async function startOrthanc(): Promise<Orthanc> {
  const dir = mkdtempSync(join(tmpdir(), "orthanc-"));
  const [http, dicom] = (await freePorts(2)) as [number, number];
  const file = join(dir, "orthanc.json");
  writeFileSync(file, JSON.stringify(configuration(dir, http, dicom)));
  const child = spawn("Orthanc", [file], { stdio: "ignore" });
  const url = `http://127.0.0.1:${http}`;
  const stop = async () => {
    await stopped(child);
    rmSync(dir, { recursive: true, force: true });
  };
  await answered(url, child).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    url,
    dicomPort: dicom,
    call: async (method, path, body) => {
      const request = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const response = await fetch(`${url}${path}`, request);
      const text = await response.text();
      if (!response.ok) throw new Error(`Orthanc answered ${response.status} to ${path}: ${text}`);
      return /^[[{"]/.test(text) ? (JSON.parse(text) as unknown) : text;
    },
    upload: async (bytes) => {
      const response = await fetch(`${url}/instances`, {
        method: "POST",
        body: bytes as Uint8Array<ArrayBuffer>,
      });
      if (!response.ok) throw new Error(`Orthanc refused an object: ${response.status}`);
    },
    stop,
  };
}

function configuration(dir: string, http: number, dicom: number) {
  return {
    Name: "PEER",
    StorageDirectory: dir,
    IndexDirectory: dir,
    Plugins: ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so"],
    RemoteAccessAllowed: false,
    AuthenticationEnabled: false,
    HttpPort: http,
    DicomAet: "ORTHANC",
    DicomPort: dicom,
    DicomWeb: { Enable: true, Root: "/dicom-web/" },
  };
}

async function answered(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + startMs;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`Orthanc ended with ${child.exitCode}`);
    const response = await fetch(`${url}/system`).catch(() => undefined);
    if (response?.ok) return;
    await wait(100);
  }
  throw new Error("Orthanc did not start in time");
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(timer);
}
