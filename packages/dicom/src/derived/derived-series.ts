/** What an application hands over to be written as DICOM: values in patient space, and what was done to get them. */
import type { PlaneGeometry } from "@releve/domain/volume";

export type CodedConcept = {
  readonly codeValue: string;
  readonly codingSchemeDesignator: string;
  readonly codeMeaning: string;
};

/** One image of a derived series. `values` are real-world values in row order; NaN lies outside the volume and becomes padding. */
export type DerivedImage = {
  readonly geometry: PlaneGeometry;
  /** Nominal thickness, mm: the slab's thickness, or the spacing between neighbouring planes. */
  readonly thicknessMm: number;
  readonly values: Float32Array;
};

/** What the values of an image are, where they are not those of its source's class: Real World Value Mapping. */
export type RealWorldMeaning = {
  /** Such as (126401, DCM, "SUVbw"). */
  readonly quantity: CodedConcept;
  /** UCUM. A PET image also states it as its Units: CID 84 and 85, such as (g/ml{SUVbw}, UCUM, ...); others are refused. */
  readonly unit: CodedConcept;
  readonly method?: CodedConcept;
};

export type DerivedSeries = {
  readonly kind: "images";
  /** Stable within the job: the UIDs of series and instances derive from job, `key` and the image's index. */
  readonly key: string;
  readonly seriesDescription: string;
  /** The third and later values of Image Type, after DERIVED\SECONDARY. */
  readonly imageTypeValues: readonly string[];
  readonly derivationDescription: string;
  readonly derivationCode: CodedConcept;
  readonly images: readonly DerivedImage[];
  /** Display window in real-world values; absent: the source's own window, if it has one. */
  readonly window?: { readonly center: number; readonly width: number };
  /** True when the images are projections along a rotation rather than parallel planes. */
  readonly rotating?: boolean;
  /** Absent: the values are those of the source's class, such as HU or Bq/ml. */
  readonly realWorld?: RealWorldMeaning;
};
