/** A volume by its plan, with what a formula needs of its headers: for a job and for a session alike. */
import type { ComputeInput } from "@releve/apps/application";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { loadVolume, type LoadOptions } from "@releve/dicom/volume/load-volume";
import type { Digest } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import { decodeVolumePlan } from "@releve/domain/series-split";

export type LoadedInput = ComputeInput & { readonly transferSyntaxUid: string };

/** @returns a Refusal of the loader, or PLAN_EMPTY. @throws the store's faults, and the signal's reason. */
export async function loadInput(
  readObject: (digest: Digest) => Promise<Uint8Array>,
  digest: Digest,
  options: LoadOptions,
): Promise<LoadedInput | Refusal> {
  const plan = decodeVolumePlan(await readObject(digest));
  const firstSlice = plan.slices[0];
  if (!firstSlice) return refusal("PLAN_EMPTY", "the volume's plan names no slice");
  const read = (of: string) => readObject(of as Digest);
  const volume = await loadVolume(plan, read, options);
  if (isRefusal(volume)) return volume;
  const { attributes, transferSyntaxUid } = parseDicom(await read(firstSlice.digest));
  const input = { volume, plan, attributes, transferSyntaxUid };
  const lastSlice = plan.slices.at(-1)!;
  if (lastSlice.digest === firstSlice.digest) return input;
  return { ...input, lastAttributes: parseDicom(await read(lastSlice.digest)).attributes };
}
