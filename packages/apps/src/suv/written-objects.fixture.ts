/** What an application hands over, written as a node writes it. */
import type { DerivationContext } from "@releve/dicom/derived/derivation-context";
import type { WrittenObject } from "@releve/dicom/derived/result-identity";
import { writeOutput } from "@releve/dicom/derived/write-output";
import { isRefusal } from "@releve/domain/refusal";
import { voxelToLps } from "@releve/domain/volume";
import type { ApplicationResult, ComputeInput } from "../application.ts";

const context: DerivationContext = {
  jobId: "6f0b9d0e-36b4-5f0b-9c77-0b8a3d4b1c11",
  application: "suv",
  applicationVersion: "1",
  engine: "gpu.js/webasm",
  atMs: Date.UTC(2026, 2, 4, 5, 6, 7, 89),
  softwareVersion: "0.1.0",
};

/** By the output's key. @throws Error for what a writer refuses. */
export function writtenObjects(
  { outputs }: ApplicationResult,
  inputs: readonly [ComputeInput, ...ComputeInput[]],
): ReadonlyMap<string, readonly WrittenObject[]> {
  const [{ attributes, plan }] = inputs;
  const sources = inputs.flatMap(({ plan: { slices, geometry, seriesInstanceUid } }) =>
    slices.map(({ sopInstanceUid, sopClassUid }, index) => ({
      sopInstanceUid,
      sopClassUid,
      seriesInstanceUid,
      frames: [{ frameNumber: 1, originLps: voxelToLps(geometry, 0, 0, index) }],
    })),
  );
  const { studyInstanceUid, frameOfReferenceUid, modality, sopClassUid } = plan;
  const source = { attributes, sources, studyInstanceUid, frameOfReferenceUid, modality, sopClassUid };
  return new Map(
    outputs.map((output) => {
      const written = writeOutput(output, outputs, source, context);
      if (isRefusal(written)) throw new Error(`${written.refused}: ${written.reason}`);
      return [output.key, written];
    }),
  );
}
