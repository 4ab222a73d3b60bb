/** The volumes of a folder of DICOM files, as a node hands them to an application. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { splitSeries } from "@releve/dicom/series/split-series";
import { loadVolume } from "@releve/dicom/volume/load-volume";
import { digestOf } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import type { ComputeInput } from "./application.ts";

/** Of all series below the folder, in the splitter's order. @throws Error for a volume that cannot be loaded. */
export async function folderInputs(folder: string): Promise<readonly ComputeInput[]> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".dcm"),
  );
  return fileInputs(names.map((name) => readFileSync(join(folder, name))));
}

/** @param files DICOM files of any number of series. */
export async function fileInputs(files: readonly Uint8Array[]): Promise<readonly ComputeInput[]> {
  const stored = new Map<string, Uint8Array>(files.map((bytes) => [digestOf(bytes), bytes]));
  const objects = [...stored].map(([digest, bytes]) => ({ digest, object: parseDicom(bytes) }));
  const series = Map.groupBy(objects, ({ object }) => object.seriesInstanceUid);
  const plans = [...series.values()].flatMap((members) => splitSeries(members).volumes);
  const read = async (digest: string) => stored.get(digest)!;
  return Promise.all(
    plans.map(async (plan) => {
      const volume = await loadVolume(plan, read, { budgetBytes: 2 ** 30 });
      if (isRefusal(volume)) throw new Error(volume.reason);
      const { attributes } = parseDicom(stored.get(plan.slices[0]!.digest)!);
      return { volume, plan, attributes };
    }),
  );
}
