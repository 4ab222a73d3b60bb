/**
 * The modules that segmentations, maps, reports and captures share: patient, study and series by allow-list from the
 * source, identity, times, equipment. `writeDerived` has its own, because a classic image copies more.
 */
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { Attributes } from "../data-set/attributes.ts";
import type { AttributeRule } from "./attribute-rule.ts";
import { clipText } from "./clip-text.ts";
import { copyAttributes } from "./copy-attributes.ts";
import type { DerivationContext, DerivationSource } from "./derivation-context.ts";
import { dicomTime } from "./dicom-time.ts";
import { elementsOf, merged, type Elements } from "./elements.ts";
import { classicAttributes } from "./enhanced/classic-attributes.ts";
import { equipmentElements } from "./equipment.ts";
import { frameOfReferenceModule } from "./modules/frame-of-reference.ts";
import { lateralityModule } from "./modules/laterality.ts";
import { patientModule, patientStudyModule } from "./modules/patient.ts";
import { seriesModule } from "./modules/series.ts";
import { studyModule } from "./modules/study.ts";
import { identityElements, resultInstanceUid, timeElements } from "./result-identity.ts";
import { seriesNumber } from "./series-number.ts";

export type ResultClass = {
  readonly sopClassUid: string;
  readonly modality: string;
  /** `frames` lie in the source's frame of reference and state the side of each; a `picture` or a `document` lies nowhere. */
  readonly is: "frames" | "picture" | "document";
};

/** One object, the first of its series. Refused where the source lacks the frame of reference or has an unusable identity. */
export function resultElements(
  output: { readonly key: string; readonly seriesDescription: string },
  of: ResultClass,
  source: DerivationSource,
  context: DerivationContext,
): Elements | Refusal {
  const identity = identityElements({ ...of, key: output.key }, source, context, of.is === "frames");
  if (isRefusal(identity)) return identity;
  const attributes = classicAttributes(source.attributes, source.sopClassUid);
  const copied = copyAttributes(rulesOf(of, attributes), attributes);
  if (isRefusal(copied)) return copied;
  const offset = attributes.string("TimezoneOffsetFromUTC");
  const now = dicomTime(context.atMs, offset);
  return merged([
    timeElements(now, offset),
    copied,
    identity,
    equipmentElements(attributes, context, now),
    elementsOf({
      SOPInstanceUID: resultInstanceUid(context, output.key, 0),
      InstanceNumber: "1",
      SeriesNumber: seriesNumber(attributes.number("SeriesNumber"), output.key),
      SeriesDescription: clipText(output.seriesDescription, 64),
      // Enhanced General Equipment asks for one; software has no other number than its version.
      DeviceSerialNumber: context.softwareVersion,
    }),
  ]);
}

function rulesOf({ is }: ResultClass, source: Attributes): readonly AttributeRule[] {
  const person = [...patientModule, ...patientStudyModule, ...studyModule];
  switch (is) {
    case "frames":
      return [...person, ...seriesModule, ...frameOfReferenceModule];
    case "picture":
      return [...person, ...seriesModule, ...lateralityModule(source)];
    case "document":
      return person;
  }
}
