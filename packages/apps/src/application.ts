/** The shape that every application folder fills. Adding an application is adding one folder with an `app.ts` that exports `app`. */
import type { Json } from "@releve/domain/canonical-json";
import type { Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { Volume } from "@releve/domain/volume";
import type { Attributes } from "@releve/dicom/data-set/attributes";
import type { DerivedOutput } from "@releve/dicom/derived/derived-output";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import type { BuiltInKernel, SelfTest } from "@releve/kernels/self-test/self-test";
import type { z } from "zod";

export type UserType = "radiologist" | "nuclear-physician" | "clinician";

export type ComputeInput = {
  readonly volume: Volume;
  readonly plan: VolumePlan;
  /** Of the object that holds the volume's first slice: what a formula needs of the acquisition and of the patient. */
  readonly attributes: Attributes;
  /** Of the object that holds its last slice, where that is another one: the bed that came first lies at either end. */
  readonly lastAttributes?: Attributes;
};

export type ComputeContext<P> = {
  /** In the order in which they were proposed; an application that takes one volume gets one. */
  readonly inputs: readonly [ComputeInput, ...ComputeInput[]];
  readonly parameters: P;
  readonly runner: KernelRunner;
  /** Fraction done, 0 to 1. */
  readonly onProgress: (fraction: number) => void;
  /** Aborted when the claim is lost: stop soon, the result would be refused. */
  readonly signal: AbortSignal;
};

export type ApplicationResult = {
  /** At least one. */
  readonly outputs: readonly DerivedOutput[];
  /** The engine that computed, as the kernel runner names it, such as `gpu.js/webasm`. */
  readonly engine: string;
  /** What a reader must know: corrections applied, limits. */
  readonly remarks: readonly string[];
};

/** Volumes of one study that belong together, with what to compute of them, or why that cannot be done. */
export type VolumesProposal<P> =
  | { readonly plans: readonly [VolumePlan, ...VolumePlan[]]; readonly parameters: P }
  | { readonly plans: readonly [VolumePlan, ...VolumePlan[]]; readonly refused: Refusal };

type Facts<P> = {
  readonly id: string;
  readonly version: string;
  readonly title: { readonly en: string; readonly fr: string };
  readonly users: readonly UserType[];
  readonly parameters: z.ZodType<P>;
  /**
   * Every kernel that it computes with: one of the runner's by its name, one of its own by its self-test. A node where one of
   * them is out of tolerance takes none of its jobs. Empty where it computes without any.
   */
  readonly kernels: readonly (BuiltInKernel | SelfTest)[];
  /**
   * Why these volumes cannot be done so, decided from the plans alone: a person who asks by hand hears it at once, and not from
   * a failed job. `compute` refuses the same.
   */
  refuses?(plans: readonly VolumePlan[], parameters: P): Refusal | undefined;
  /**
   * Bytes of memory at its peak for the volumes and all that is made of their voxels, in every thread: an estimate from above,
   * decided from the plans. Absent: that of volumes which the runner samples (need-bytes.ts).
   */
  peakBytes?(plans: readonly VolumePlan[], parameters: P): number;
  /** What a person who asks by hand begins with; absent: what `propose` says. */
  suggest?(plans: readonly VolumePlan[]): P;
  /**
   * Pure but for the kernels. A geometry it cannot do comes back as a Refusal, never as a silent number. A method, so that
   * the catalogue can list applications of different parameters; the node parses the parameters before it calls.
   */
  compute(context: ComputeContext<P>): Promise<ApplicationResult | Refusal>;
};

/**
 * `propose` says what the rule requests by itself, decided from the plans alone, without pixels. An application that only
 * people ask for proposes nothing. A Refusal says why a volume, which it would have been asked for, cannot be done.
 */
export type VolumeApplication<P extends Json = Json> = Facts<P> & {
  readonly takes: "volume";
  readonly propose: (plan: VolumePlan) => readonly P[] | Refusal;
};

/** Takes volumes of a study that belong together: b-values, points in time, PET and CT. Where there are none, it proposes nothing. */
export type VolumesApplication<P extends Json = Json> = Facts<P> & {
  readonly takes: "volumes";
  readonly propose: (plans: readonly VolumePlan[]) => readonly VolumesProposal<P>[];
};

export type Application<P extends Json = Json> = VolumeApplication<P> | VolumesApplication<P>;
