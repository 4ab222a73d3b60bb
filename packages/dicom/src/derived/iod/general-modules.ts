/** The modules that every image IOD here shares. */
import type { Attributes } from "../../data-set/attributes.ts";
import type { AttributeRule } from "../attribute-rule.ts";
import { contrastModule } from "../modules/contrast.ts";
import { frameOfReferenceModule } from "../modules/frame-of-reference.ts";
import { imageModule } from "../modules/image.ts";
import { lateralityModule } from "../modules/laterality.ts";
import { patientModule, patientStudyModule } from "../modules/patient.ts";
import { anatomyModule, seriesModule } from "../modules/series.ts";
import { studyModule } from "../modules/study.ts";

export function generalModules(source: Attributes): readonly AttributeRule[] {
  return [
    ...patientModule,
    ...patientStudyModule,
    ...studyModule,
    ...seriesModule,
    ...anatomyModule,
    ...lateralityModule(source),
    ...frameOfReferenceModule,
    ...imageModule,
    ...contrastModule(source),
  ];
}
