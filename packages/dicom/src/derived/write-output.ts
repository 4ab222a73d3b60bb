/** Writes whatever an application handed over: each kind of output has its writer. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { DerivationContext, DerivationSource } from "./derivation-context.ts";
import type { DerivedOutput } from "./derived-output.ts";
import { writeParametricMap } from "./parametric-map/write-parametric-map.ts";
import { writeDrawing } from "./presentation/write-drawing.ts";
import { writeBlending, writePseudoColour } from "./presentation/write-presentation.ts";
import { writeRendered } from "./rendered/write-rendered.ts";
import { writeMeasurements } from "./report/write-measurements.ts";
import type { WrittenObject } from "./result-identity.ts";
import { writeSegmentation } from "./segmentation/write-segmentation.ts";
import { writeUnplaced } from "./unplaced/write-unplaced.ts";
import { writeDerived } from "./write-derived.ts";

/**
 * @param all the outputs of the job: a measurement refers to the segmentation beside it, and no two share a key, because
 * their UIDs would be the same.
 */
export function writeOutput(
  output: DerivedOutput,
  all: readonly DerivedOutput[],
  source: DerivationSource,
  context: DerivationContext,
): readonly WrittenObject[] | Refusal {
  if (all.filter(({ key }) => key === output.key).length > 1)
    return refusal("OUTPUT_KEY_REPEATED", `Two outputs of one job have the key ${output.key}.`);
  switch (output.kind) {
    case "images":
      return writeDerived(output, source, context);
    case "segmentation":
      return writeSegmentation(output, source, context);
    case "measurements":
      return writeMeasurements(output, all, source, context);
    case "parametric-map":
      return writeParametricMap(output, source, context);
    case "rendered":
      return writeRendered(output, source, context);
    case "blending":
      return writeBlending(output, { all, source, context });
    case "pseudo-colour":
      return writePseudoColour(output, { all, source, context });
    case "drawing":
      return writeDrawing(output, { all, source, context });
    case "unplaced":
      return writeUnplaced(output, source, context);
  }
}
