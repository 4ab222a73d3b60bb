/** Who made the images: this software, out of what a scanner acquired (PS3.3 C.7.5.1 and C.12.1.1.5). */
import { isRefusal } from "@releve/domain/refusal";
import type { Attributes } from "../data-set/attributes.ts";
import { many, type1, type3 } from "./attribute-rule.ts";
import { copyAttributes } from "./copy-attributes.ts";
import type { DerivationContext } from "./derivation-context.ts";
import { elementsOf, merged, type Elements } from "./elements.ts";
import { codedElements, codeItem } from "./modules/code-sequence.ts";
import type { DicomTime } from "./dicom-time.ts";

const manufacturer = "Relève";

/** Context group 7005. */
const purpose = (codeValue: string, codeMeaning: string) =>
  elementsOf({
    PurposeOfReferenceCodeSequence: [
      codedElements({ codeValue, codingSchemeDesignator: "DCM", codeMeaning }),
    ],
  });
const acquisitionEquipment = purpose("109101", "Acquisition Equipment");
const processingEquipment = purpose("109102", "Processing Equipment");

const scanner = [
  type1("Manufacturer"),
  type3("InstitutionName"),
  type3("StationName"),
  type3("ManufacturerModelName"),
  type3("DeviceSerialNumber"),
  type3("SoftwareVersions", many),
];

const earlierContribution = [
  type1("PurposeOfReferenceCodeSequence", { items: codeItem }),
  ...scanner,
  type3("ContributionDateTime"),
  type3("ContributionDescription"),
];

export function equipmentElements(source: Attributes, context: DerivationContext, now: DicomTime): Elements {
  return merged([
    softwareElements(context),
    elementsOf({
      ContributingEquipmentSequence: [
        ...earlierContributions(source),
        ...acquisition(source),
        processing(context, now),
      ],
    }),
  ]);
}

function softwareElements({ softwareVersion, institution }: DerivationContext): Elements {
  return elementsOf({
    Manufacturer: manufacturer,
    InstitutionName: institution,
    ManufacturerModelName: manufacturer,
    SoftwareVersions: softwareVersion,
  });
}

/** An item needs a Manufacturer: a source that names none is not called acquisition equipment. */
function acquisition(source: Attributes): readonly Elements[] {
  const device = copyAttributes(scanner, source);
  return isRefusal(device) ? [] : [merged([acquisitionEquipment, device])];
}

function processing(context: DerivationContext, now: DicomTime): Elements {
  const { application, applicationVersion, engine, jobId } = context;
  return merged([
    processingEquipment,
    softwareElements(context),
    elementsOf({
      ContributionDateTime: `${now.date}${now.time}`,
      ContributionDescription: `${application} ${applicationVersion}, engine ${engine}, job ${jobId}`,
    }),
  ]);
}

function earlierContributions(source: Attributes): readonly Elements[] {
  return source
    .items("ContributingEquipmentSequence")
    .slice(0, many.most)
    .map((item) => copyAttributes(earlierContribution, item))
    .filter((item): item is Elements => !isRefusal(item));
}
