/** Writes whatever an application handed over: each kind of output has its writer. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { DerivationContext, DerivationSource } from "./derivation-context.ts";
import type { DerivedOutput } from "./derived-output.ts";
import type { WrittenObject } from "./result-identity.ts";
import { writeDerived } from "./write-derived.ts";

/** @param all the outputs of the job: a measurement refers to the segmentation beside it. */
export function writeOutput(
  output: DerivedOutput,
  _all: readonly DerivedOutput[],
  source: DerivationSource,
  context: DerivationContext,
): readonly WrittenObject[] | Refusal {
  if (output.kind === "images") return writeDerived(output, source, context);
  return refusal("OUTPUT_NOT_WRITTEN", `There is no writer of ${output.kind} yet.`);
}
