/** How an image came about: PS3.16 CID 7203 Image Derivation. */
import type { CodedConcept } from "@releve/dicom/derived/derived-series";
import type { Projection } from "@releve/kernels/kernel-runner";

const dcm = (codeValue: string, codeMeaning: string): CodedConcept => ({
  codeValue,
  codingSchemeDesignator: "DCM",
  codeMeaning,
});

export const multiplanarReformatting = dcm("113072", "Multiplanar reformatting");

export const curvedMultiplanarReformatting = dcm("113073", "Curved multiplanar reformatting");
export const volumeRendering = dcm("113074", "Volume rendering");

export const projectionCodes: Readonly<Record<Projection, CodedConcept>> = {
  max: dcm("113078", "Maximum intensity projection"),
  min: dcm("113079", "Minimum intensity projection"),
  mean: dcm("113049", "Pixel by pixel mean"),
};

export const diffusionAnalysis = dcm("129105", "Diffusion image analysis");
export const pixelByPixelMultiplication = dcm("113053", "Pixel by pixel multiplication");
export const pixelByPixelAddition = dcm("113042", "Pixel by pixel addition");
export const perfusionAnalysis = dcm("129104", "Perfusion image analysis");
