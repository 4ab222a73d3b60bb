/**
 * The PET over the CT as a Blending Softcopy Presentation State: a viewer that knows the class lays the original series over each
 * other, on their own pixels, where the colour frames are only a picture of that.
 *
 * A presentation states one line from stored to real values for a whole series (PS3.3 C.11.1). A PET whose Rescale Slope changes
 * from slice to slice has none: its values are then written once more with one slope, and those images are presented.
 */
import type { Blending, DerivedOutput, PresentedImages } from "@releve/dicom/derived/derived-output";
import type { DerivedSeries } from "@releve/dicom/derived/derived-series";
import type { ComputeInput } from "../application.ts";
import { pixelByPixelMultiplication } from "../derivation-codes.ts";
import { imagesOnOwnSlices } from "../geometry/own-slices.ts";
import { sliceThicknessMm } from "../geometry/slice-thickness.ts";
import { realValues } from "../real-values.ts";
import { suvKindFacts } from "../suv/suv-kind.ts";
import type { FusionParameters } from "./parameters.ts";

export type Presentation = {
  readonly outputs: readonly DerivedOutput[];
  readonly remarks: readonly string[];
};

const petImagesKey = "fusion-pet";

/**
 * @param petFirst the result is written in the name of the first volume: only then can PET images be among it
 * @param petTop the palette's end in the values of the PET's images
 */
export function presentFusion(
  {
    pet,
    ct,
    petFirst,
  }: { readonly pet: ComputeInput; readonly ct: ComputeInput; readonly petFirst: boolean },
  parameters: FusionParameters,
  petTop: number,
): Presentation {
  const underlying = ofSource(ct, parameters.ctWindow);
  const direct = ofSource(pet, { center: petTop / 2, width: petTop });
  if (!underlying) return without("the CT's Rescale Slope changes from slice to slice");
  if (!direct && !petFirst)
    return without("the PET's Rescale Slope changes from slice to slice, and the CT was named first");
  const images = direct ? undefined : petImages(pet, parameters, petTop);
  const blending: Blending = {
    kind: "blending",
    key: "fusion-blending",
    seriesDescription: "PET over CT",
    underlying,
    superimposed: direct ?? { from: "output", key: petImagesKey, window: images!.window },
    superimposedOpacity: parameters.alpha,
  };
  return { outputs: [...(images ? [images] : []), blending], remarks: [] };
}

const without = (why: string): Presentation => ({
  outputs: [],
  remarks: [`No blending presentation state: ${why}.`],
});

/** Undefined where the images have no line in common. */
function ofSource(
  { volume, plan }: ComputeInput,
  window: PresentedImages["window"],
): PresentedImages | undefined {
  const { voxels, geometry } = volume;
  if (voxels.kind !== "stored") return undefined;
  const { slope, intercept } = voxels;
  const { seriesInstanceUid } = plan;
  return { from: "source", seriesInstanceUid, slope, intercept, plane: geometry, window };
}

/** In SUV by body weight where the fusion is shown in it, else as they are. */
function petImages(
  pet: ComputeInput,
  { petTop: asked }: FusionParameters,
  petTop: number,
): DerivedSeries & { readonly window: PresentedImages["window"] } {
  const inSuv = asked.unit === "SUVbw";
  const factor = inSuv ? asked.value / petTop : 1;
  const values = realValues(pet.volume);
  if (inSuv) for (let voxel = 0; voxel < values.length; voxel++) values[voxel]! *= factor;
  const { quantity, unit, method } = suvKindFacts.SUVbw;
  return {
    kind: "images",
    key: petImagesKey,
    seriesDescription: inSuv ? "PET for fusion, SUVbw (g/ml)" : "PET for fusion",
    imageTypeValues: inSuv ? ["SUV"] : [],
    derivationDescription: `One slope for all slices${inSuv ? `, SUVbw: values times ${Number(factor.toPrecision(12))}` : ""}`,
    derivationCode: pixelByPixelMultiplication,
    images: imagesOnOwnSlices(pet.plan, values, sliceThicknessMm(pet)),
    window: { center: asked.value / 2, width: asked.value },
    ...(inSuv && { realWorld: { quantity, unit, method } }),
  };
}
