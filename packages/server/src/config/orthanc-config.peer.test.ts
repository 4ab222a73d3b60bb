/** The PACS of deploy/ is a real Orthanc's configuration: Orthanc starts from it, with only its folders and ports moved. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePorts } from "../cluster/ports.ts";

const shipped = JSON.parse(
  readFileSync(new URL("../../../../deploy/orthanc/orthanc.json", import.meta.url), "utf8"),
) as Record<string, unknown>;

const folder = mkdtempSync(join(tmpdir(), "releve-orthanc-config-"));
let orthanc: ChildProcess;
let url: string;

beforeAll(async () => {
  const [http, dicom] = (await freePorts(2)) as [number, number];
  const moved = { StorageDirectory: folder, IndexDirectory: folder, HttpPort: http, DicomPort: dicom };
  const path = join(folder, "orthanc.json");
  writeFileSync(path, JSON.stringify({ ...shipped, ...moved }));
  orthanc = spawn("Orthanc", [path], { stdio: "ignore" });
  url = `http://127.0.0.1:${http}`;
  await vi.waitFor(() => fetch(`${url}/system`), { timeout: 30_000 });
});
afterAll(async () => {
  const gone = new Promise((resolve) => orthanc.once("exit", resolve));
  orthanc.kill();
  await gone;
  rmSync(folder, { recursive: true });
});

test("it answers as the PACS that the gateway delivers to, by both doors", async () => {
  const system = (await (await fetch(`${url}/system`)).json()) as Record<string, unknown>;
  expect(system).toMatchObject({ Name: "PACS", DicomAet: "ORTHANC" });
  const studies = await fetch(`${url}/dicom-web/studies`);
  expect([studies.status, await studies.json()]).toEqual([200, []]);
  expect(await (await fetch(`${url}/modalities`)).json()).toEqual(["releve"]);
  expect(existsSync(join(folder, "index"))).toBe(true);
});
