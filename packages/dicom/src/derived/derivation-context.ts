/** Who derives, from what, and when: everything of `writeDerived` that is not pixels. */
import type { Vec3 } from "@releve/domain/vec3";
import type { Attributes } from "../data-set/attributes.ts";

export type SourceReference = {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Absent: the series of the source's attributes. */
  readonly seriesInstanceUid?: string;
  /** The frames that were used, counted from 1, with the centre of their first pixel, LPS mm. */
  readonly frames?: readonly { readonly frameNumber: number; readonly originLps: Vec3 }[];
};

export type DerivationSource = {
  /** Of the first source slice. */
  readonly attributes: Attributes;
  /** Every object that the volume was read from. */
  readonly sources: readonly SourceReference[];
  readonly studyInstanceUid: string;
  readonly frameOfReferenceUid?: string | undefined;
  readonly modality: string;
  readonly sopClassUid: string;
  /** Real-world units per stored value; absent: Rescale Slope of the first slice. */
  readonly valueStep?: number | undefined;
  /** Of the first source slice: one that loses information marks the result as lossy even where the source forgot to. */
  readonly transferSyntaxUid?: string | undefined;
};

export type DerivationContext = {
  readonly jobId: string;
  readonly application: string;
  readonly applicationVersion: string;
  readonly engine: string;
  /** Written into the files: the same input at the same time gives the same bytes. */
  readonly atMs: number;
  readonly softwareVersion: string;
  readonly institution?: string | undefined;
};
