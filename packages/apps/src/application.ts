/** The shape that every application folder fills. Adding an application is adding one folder with an `app.ts` that exports `app`. */
import type { Json } from "@releve/domain/canonical-json";
import type { Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { Volume } from "@releve/domain/volume";
import type { DerivedSeries } from "@releve/dicom/derived/derived-series";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import type { z } from "zod";

export type UserType = "radiologist" | "nuclear-physician" | "clinician";

export type ComputeContext<P> = {
  readonly volume: Volume;
  readonly plan: VolumePlan;
  readonly parameters: P;
  readonly runner: KernelRunner;
  /** Fraction done, 0 to 1. */
  readonly onProgress: (fraction: number) => void;
  /** Aborted when the claim is lost: stop soon, the result would be refused. */
  readonly signal: AbortSignal;
};

export type ApplicationResult = {
  readonly series: readonly DerivedSeries[];
  /** The engine that computed, as the kernel runner names it, such as `gpu.js/webasm`. */
  readonly engine: string;
  /** What a reader must know: corrections applied, limits. */
  readonly remarks: readonly string[];
};

export type Application<P extends Json = Json> = {
  readonly id: string;
  readonly version: string;
  readonly title: { readonly en: string; readonly fr: string };
  readonly users: readonly UserType[];
  readonly parameters: z.ZodType<P>;
  /** Which parameter sets the rule should request for this volume, or why none. Decided from the plan alone, without pixels. */
  readonly propose: (plan: VolumePlan) => readonly P[] | Refusal;
  /**
   * Pure but for the kernels. A geometry it cannot do comes back as a Refusal, never as a silent number. A method, so that
   * the catalogue can list applications of different parameters; the node parses the parameters before it calls.
   */
  compute(context: ComputeContext<P>): Promise<ApplicationResult | Refusal>;
};
