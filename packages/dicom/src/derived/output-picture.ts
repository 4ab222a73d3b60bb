/** The picture of an output for people, beside the DICOM; undefined where there is nothing to look at. */
import type { DerivedOutput } from "./derived-output.ts";
import { renderSheet } from "./picture.ts";

export function outputPicture(output: DerivedOutput): Uint8Array | undefined {
  return output.kind === "images" ? renderSheet(output) : undefined;
}
