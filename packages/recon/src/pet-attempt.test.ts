/** A PET, alone and with its CT, through a whole attempt: plans, volumes, application, DICOM, store. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { app as fusion } from "@releve/apps/fusion/app";
import { requestOf } from "@releve/apps/request-job";
import { app as suv } from "@releve/apps/suv/app";
import { ctFiles, knownSuv, petFiles } from "@releve/apps/suv/pet-series.fixture";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { splitSeries } from "@releve/dicom/series/split-series";
import { loadVolume } from "@releve/dicom/volume/load-volume";
import { systemClock } from "@releve/domain/clock";
import { digestOf, type Digest, type SiteId, type StudyId } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { encodeVolumePlan, type VolumePlan } from "@releve/domain/series-split";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import { openObjectStore, type ObjectStore } from "@releve/store/object-store";
import type { JobRequest } from "@releve/ledger/events/job";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runAttempt } from "./run-attempt.ts";

let dir: string;
let store: ObjectStore;
let runner: GpuJsRunner;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "releve-pet-"));
  store = await openObjectStore({ dir, minFreeBytes: 0 });
  runner = await openGpuJsRunner({ engine: "cpu", threads: 1 });
});
afterAll(async () => {
  await runner.close();
  await rm(dir, { recursive: true });
});

const read = (digest: string) => store.read(digest as Digest);

async function kept(files: readonly { readonly bytes: Uint8Array }[]): Promise<VolumePlan> {
  const objects = files.map(({ bytes }) => ({ digest: digestOf(bytes), object: parseDicom(bytes) }));
  for (const { bytes } of files) await store.put(bytes, { maxBytes: bytes.length });
  const [plan] = splitSeries(objects).volumes;
  const planBytes = encodeVolumePlan(plan!);
  await store.put(planBytes, { maxBytes: planBytes.length });
  return plan!;
}

function requestFor(
  application: { readonly id: string; readonly version: string },
  plans: readonly [VolumePlan, ...VolumePlan[]],
  parameters: JobRequest["parameters"],
): JobRequest {
  const input = {
    study: "00000000-0000-5000-8000-000000000002" as StudyId,
    inputSite: "site-a" as SiteId,
    bytesOf: () => 0,
  };
  const [first, ...others] = plans.map((plan) => ({ plan, digest: digestOf(encodeVolumePlan(plan)) }));
  return requestOf(application, input, [first!, ...others], parameters);
}

async function attempt(request: JobRequest, by: KernelRunner = runner) {
  const deps = {
    readObject: read,
    store,
    runner: by,
    clock: systemClock,
    volumeBudgetBytes: 2 ** 30,
    softwareVersion: "test",
  };
  const result = await runAttempt(deps, request, new AbortController().signal, () => {});
  if (isRefusal(result)) throw new Error(`${result.refused}: ${result.reason}`);
  return result;
}

/** Another station wrote the series at noon; the bed of the last slices was the first one. */
const writtenLater = { SeriesTime: "120000" };

test.each([
  ["as acquired", {}],
  ["written again by another station", writtenLater],
])("the SUV of a PET %s is that of both beds", async (_, changes) => {
  const plan = await kept(petFiles(changes));
  const proposed = suv.propose(plan);
  if (isRefusal(proposed)) throw new Error(proposed.reason);
  const { outputs, engine } = await attempt(requestFor(suv, [plan], proposed[0]!));
  expect(outputs).toHaveLength(10);
  expect(engine).toContain("cpu");
  const files = await Promise.all(outputs.map(({ digest }) => read(digest)));
  const [written] = splitSeries(
    files.map((bytes) => ({ digest: digestOf(bytes), object: parseDicom(bytes) })),
  ).volumes;
  const volume = await loadVolume(written!, read, { budgetBytes: 2 ** 28 });
  if (isRefusal(volume) || volume.voxels.kind !== "stored") throw new Error("no volume");
  const { values, slope } = volume.voxels;
  const worst = Math.max(
    ...Array.from(values, (value, at) =>
      Math.abs(value * slope - knownSuv(at % 24, Math.floor(at / 24) % 20, Math.floor(at / 480))),
    ),
  );
  expect(worst).toBeLessThan(8 / 30_000);
});

test("a PET and its CT become fused frames, of one job on both", async () => {
  const [pet, ct] = [await kept(petFiles()), await kept(ctFiles())];
  const [proposal] = fusion.propose([ct, pet]);
  if (!proposal || "refused" in proposal) throw new Error("nothing proposed");
  const { outputs, pictures, remarks } = await attempt(
    requestFor(fusion, proposal.plans, proposal.parameters),
  );
  // Colour frames, the PET of one slope, and the state that lays it over the CT.
  expect(outputs.map(({ sopClassUid }) => sopClassUid)).toEqual([
    ...Array<string>(3).fill("1.2.840.10008.5.1.4.1.1.7.4"),
    ...Array<string>(10).fill("1.2.840.10008.5.1.4.1.1.128"),
    "1.2.840.10008.5.1.4.1.1.11.4",
  ]);
  expect(pictures.map(({ title }) => title)).toEqual([
    "PET/CT axial, SUVbw 0-7",
    "PET/CT coronal, SUVbw 0-7",
    "PET/CT coronal MIP, SUVbw 0-7",
    "PET for fusion, SUVbw (g/ml)",
  ]);
  expect(remarks.join("\n")).toContain("to Series Time");
});

test("an engine that gpu.js falls back to while a job runs is named in the result, and in the DICOM objects", async () => {
  const engine = "gpu.js/cpu (fallback from webasm: no SIMD)";
  const fallenBack: KernelRunner = {
    ...runner,
    mapVoxels: async (...task) => ({ ...(await runner.mapVoxels(...task)), engine }),
  };
  const plan = await kept(petFiles());
  const proposed = suv.propose(plan);
  if (isRefusal(proposed)) throw new Error(proposed.reason);
  const result = await attempt(requestFor(suv, [plan], proposed[0]!), fallenBack);
  expect(result.engine).toBe(engine);
  const bytes = await read(result.outputs[0]!.digest);
  expect(Buffer.from(bytes).toString("latin1")).toContain(engine);
});
