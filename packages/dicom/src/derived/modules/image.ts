/** What General Image (PS3.3 C.7.6.1) and SOP Common (C.12.1) carry over from the source: warnings that must not get lost. */
import { many, type1C, type3, type AttributeRule } from "../attribute-rule.ts";

export const imageModule: readonly AttributeRule[] = [
  type3("BurnedInAnnotation", { oneOf: ["YES", "NO"] }),
  type3("RecognizableVisualFeatures", { oneOf: ["YES", "NO"] }),
  type3("QualityControlImage", { oneOf: ["YES", "NO", "BOTH"] }),
  type3("LongitudinalTemporalInformationModified", { oneOf: ["UNMODIFIED", "MODIFIED", "REMOVED"] }),
  type3("LossyImageCompression", { oneOf: ["00", "01"] }),
  type1C("LossyImageCompressionRatio", many),
  type1C("LossyImageCompressionMethod", many),
];
