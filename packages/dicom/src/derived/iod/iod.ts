/** An image IOD that results are written as: which source attributes it takes over, and what it asks of the pixels. */
import type { Refusal } from "@releve/domain/refusal";
import type { Attributes } from "../../data-set/attributes.ts";
import type { AttributeRule } from "../attribute-rule.ts";
import type { DerivedSeries } from "../derived-series.ts";
import type { Elements } from "../elements.ts";

export type Iod = {
  readonly sopClassUid: string;
  readonly modality: string;
  /** Value 2 of Image Type, and value 3 where the IOD reserves it. */
  readonly imageType: readonly string[];
  /** PET allows no other Rescale Intercept than 0. */
  readonly zeroIntercept: boolean;
  readonly copied: (source: Attributes) => readonly AttributeRule[];
  /** What the IOD asks for beyond the copied attributes and those of every image. `index` counts from 0. */
  readonly perSeries: (source: Attributes, series: DerivedSeries) => Elements | Refusal;
  readonly perImage: (index: number) => Elements;
};
