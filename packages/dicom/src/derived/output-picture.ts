/** The picture of an output for people, beside the DICOM; undefined where there is nothing to look at. */
import type { DerivedOutput } from "./derived-output.ts";
import { renderSheet, unplacedSheet } from "./pictures/grey-picture.ts";
import { mapSheet } from "./pictures/map-picture.ts";
import { maskSheet } from "./pictures/mask-picture.ts";
import { renderedSheet } from "./pictures/rendered-picture.ts";

export function outputPicture(output: DerivedOutput): Uint8Array | undefined {
  switch (output.kind) {
    case "images":
      return renderSheet(output);
    case "segmentation":
      return maskSheet(output);
    case "parametric-map":
      return mapSheet(output);
    case "rendered":
      return renderedSheet(output);
    case "unplaced":
      return unplacedSheet(output);
    case "measurements":
    case "blending":
    case "pseudo-colour":
    case "drawing":
      return undefined;
  }
}
