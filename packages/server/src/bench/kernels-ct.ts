/** A real CT for the benchmark, where one lies beside the checkout. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { splitSeries } from "@releve/dicom/series/split-series";
import { loadVolume } from "@releve/dicom/volume/load-volume";
import { digestOf } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { length } from "@releve/domain/vec3";
import type { Volume } from "@releve/domain/volume";
import { sharedData } from "@releve/testkit/shared-data";

/** In Hounsfield units, on a grid without a patient's axes, which is what VTK is given too. @returns undefined where it is absent. */
export async function realCt(): Promise<Volume | undefined> {
  const folder = sharedData("ct-head-1mm");
  if (folder === undefined) return undefined;
  const names = readdirSync(folder).filter((name) => !/\.(md|tsv)$/.test(name));
  const files = new Map<string, Uint8Array>(
    names.map((name) => readFileSync(join(folder, name))).map((bytes) => [digestOf(bytes), bytes]),
  );
  const objects = [...files].map(([digest, bytes]) => ({ digest, object: parseDicom(bytes) }));
  const [plan] = splitSeries(objects).volumes;
  if (!plan) return undefined;
  const volume = await loadVolume(plan, async (digest) => files.get(digest)!, { budgetBytes: 2 ** 30 });
  if (isRefusal(volume)) throw new Error(volume.reason);
  return plain(volume);
}

function plain({ geometry, voxels }: Volume): Volume {
  const [slope, intercept] = voxels.kind === "stored" ? [voxels.slope, voxels.intercept] : [1, 0];
  const values = new Int16Array(new SharedArrayBuffer(voxels.values.length * 2));
  for (const [at, value] of voxels.values.entries()) values[at] = value * slope + intercept;
  const { columns, rows, slices, columnStepLps, rowStepLps, sliceStepLps } = geometry;
  return {
    geometry: {
      columns,
      rows,
      slices,
      originLps: [0, 0, 0],
      columnStepLps: [length(columnStepLps), 0, 0],
      rowStepLps: [0, length(rowStepLps), 0],
      sliceStepLps: [0, 0, length(sliceStepLps)],
    },
    voxels: { kind: "stored", values, slope: 1, intercept: 0 },
  };
}
