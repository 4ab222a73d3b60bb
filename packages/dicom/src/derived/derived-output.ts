/** Everything that an application can hand over to be written as DICOM. The `key` of each is stable and unique within its job. */
import type { PlaneGeometry } from "@releve/domain/volume";
import type { CodedConcept, DerivedImage, DerivedSeries } from "./derived-series.ts";

/** Quantities that must not be rounded: Parametric Map (PS3.3 A.75), 32-bit floats; NaN becomes the padding value. */
export type ParametricMap = {
  readonly kind: "parametric-map";
  readonly key: string;
  readonly seriesDescription: string;
  readonly derivationDescription: string;
  readonly derivationCode: CodedConcept;
  /** What a value is, such as (113041, DCM, "Apparent Diffusion Coefficient"), and its unit in UCUM. */
  readonly quantity: CodedConcept;
  readonly unit: CodedConcept;
  /** How it was measured, where a code says it: PS3.16 CID 4107 and the like. */
  readonly method?: CodedConcept;
  readonly images: readonly DerivedImage[];
  readonly window?: { readonly center: number; readonly width: number };
};

export type Segment = {
  readonly label: string;
  /** PS3.16 CID 7150 and CID 7151 or the like. */
  readonly category: CodedConcept;
  readonly type: CodedConcept;
  readonly anatomy?: CodedConcept;
  readonly laterality?: CodedConcept;
  readonly colorRgb: readonly [number, number, number];
  /** Per plane, in row order, 1 inside and 0 outside; undefined where the segment does not meet the plane. */
  readonly masks: readonly (Uint8Array | undefined)[];
};

/**
 * Masks: Segmentation (PS3.3 A.51), binary. Segments are numbered from 1 in order. Planes are parallel and of one size.
 * Where nothing is inside of any segment, that is written too, as an empty frame of each.
 */
export type Segmentation = {
  readonly kind: "segmentation";
  readonly key: string;
  readonly seriesDescription: string;
  readonly algorithm: {
    readonly type: "AUTOMATIC" | "SEMIAUTOMATIC" | "MANUAL";
    readonly name: string;
    readonly version: string;
    /** PS3.16 CID 7162, such as (123105, DCM, "Histogram Analysis") for a threshold. */
    readonly family?: CodedConcept;
  };
  readonly planes: readonly { readonly geometry: PlaneGeometry; readonly thicknessMm: number }[];
  readonly segments: readonly Segment[];
};

export type Measurement = {
  readonly concept: CodedConcept;
  readonly value: number;
  /** UCUM. */
  readonly unit: CodedConcept;
  readonly method?: CodedConcept;
  /** Such as (373098007, SCT, "Mean"): PS3.16 CID 7464. */
  readonly derivation?: CodedConcept;
  /** Of a point of a curve: where on the axis it lies, such as seconds after the first image. */
  readonly at?: { readonly concept: CodedConcept; readonly value: number; readonly unit: CodedConcept };
};

export type MeasurementGroup = {
  /** For a person: "left lung", "LAD". Becomes the Tracking Identifier. */
  readonly label: string;
  readonly finding?: CodedConcept;
  readonly site?: CodedConcept;
  readonly laterality?: CodedConcept;
  /** The segment that was measured, of a segmentation of the same result. */
  readonly segment?: { readonly key: string; readonly number: number };
  readonly measurements: readonly Measurement[];
  readonly qualitative?: readonly { readonly concept: CodedConcept; readonly value: CodedConcept }[];
};

/** Numbers: Comprehensive SR by TID 1500, with the algorithm, its version and the source images. */
export type Measurements = {
  readonly kind: "measurements";
  readonly key: string;
  readonly seriesDescription: string;
  /** Such as (126000, DCM, "Imaging Measurement Report") is the title; this is the procedure that is reported. */
  readonly procedure: CodedConcept;
  readonly groups: readonly MeasurementGroup[];
  /** Method, limits and engine in words: each becomes a comment of the report. */
  readonly remarks: readonly string[];
};

/** Colours: Multi-frame True Color Secondary Capture (PS3.3 A.8.5). */
export type RenderedFrames = {
  readonly kind: "rendered";
  readonly key: string;
  readonly seriesDescription: string;
  readonly derivationDescription: string;
  readonly derivationCode: CodedConcept;
  readonly columns: number;
  readonly rows: number;
  /** RGB, 8 bits each, interleaved, in row order. */
  readonly frames: readonly Uint8Array[];
  /** Of a cine; 0 where the frames are no sequence in time or angle. */
  readonly frameTimeMs: number;
};

/** One image without a place: values in row order, NaN where nothing was measured; its pixels are this far apart both ways. */
export type UnplacedImage = {
  readonly columns: number;
  readonly rows: number;
  readonly spacingMm: number;
  readonly values: Float32Array;
};

/** Images that lie in no plane, such as curved reformats: Secondary Captures with real-world values (PS3.3 A.8.1). */
export type UnplacedImages = {
  readonly kind: "unplaced";
  readonly key: string;
  readonly seriesDescription: string;
  /** The third and later values of Image Type, such as CURVED_MPR. */
  readonly imageTypeValues: readonly string[];
  readonly derivationDescription: string;
  readonly derivationCode: CodedConcept;
  readonly views: readonly UnplacedImage[];
  readonly window?: { readonly center: number; readonly width: number };
};

/** Images as a presentation shows them: those of an `images` output of the same result, or a source series. */
export type PresentedImages = {
  /** In real-world values. */
  readonly window: { readonly center: number; readonly width: number };
} & (
  | { readonly from: "output"; readonly key: string }
  | {
      readonly from: "source";
      readonly seriesInstanceUid: string;
      /** One for all images of the series: a PET whose slope changes per slice cannot be presented, but its SUV images can. */
      readonly slope: number;
      readonly intercept: number;
      /** Size and pixel spacing of its images: a volume's grid has them. */
      readonly plane: Pick<PlaneGeometry, "columns" | "rows" | "columnStepLps" | "rowStepLps">;
    }
);

/** One series in colour over another in grey, in the same frame of reference: Blending Softcopy Presentation State (A.33.4). */
export type Blending = {
  readonly kind: "blending";
  readonly key: string;
  readonly seriesDescription: string;
  /** Grey, such as the CT. */
  readonly underlying: PresentedImages;
  /** From black over red and yellow to white, such as the PET. */
  readonly superimposed: PresentedImages;
  /** Of the superimposed images, 0 to 1. */
  readonly superimposedOpacity: number;
};

/** One series from black over red and yellow to white: Pseudo-Color Softcopy Presentation State (A.33.3). Not for parametric maps. */
export type PseudoColour = {
  readonly kind: "pseudo-colour";
  readonly key: string;
  readonly seriesDescription: string;
  readonly images: PresentedImages;
};

/** On one image, or one frame of it (counted from 1). Points in pixels, 0, 0 the centre of the first; one point alone is a dot. */
export type DrawnLine = {
  readonly sopInstanceUid: string;
  readonly frameNumber?: number;
  readonly points: readonly (readonly [column: number, row: number])[];
};

/** Lines over the images of a source series, where they lie: Grayscale Softcopy Presentation State (A.33.1). */
export type Drawing = {
  readonly kind: "drawing";
  readonly key: string;
  readonly seriesDescription: string;
  readonly images: PresentedImages;
  /** The lines' layer, and the content's label: capitals, such as PATH. */
  readonly layer: string;
  readonly lines: readonly DrawnLine[];
};

export type DerivedOutput =
  | DerivedSeries
  | ParametricMap
  | Segmentation
  | Measurements
  | RenderedFrames
  | UnplacedImages
  | Blending
  | PseudoColour
  | Drawing;
