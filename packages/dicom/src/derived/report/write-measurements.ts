/**
 * Numbers as a Measurement Report, PS3.16 TID 1500, in a Comprehensive SR (PS3.3 A.35.3). Of the classes that may hold
 * the template it is the one that most archives and viewers know; Comprehensive 3D SR adds coordinates in space, and a
 * region here is a segment of the segmentation beside it.
 */
import { derivedUid } from "@releve/domain/ids";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { DerivationContext, DerivationSource } from "../derivation-context.ts";
import type { DerivedOutput, Measurements } from "../derived-output.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";
import { encodeElements } from "../explicit-vr.ts";
import { outputIod } from "../iod/output-iod.ts";
import { bySeries, instanceReference } from "../referenced-series.ts";
import { resultElements, type ResultClass } from "../result-elements.ts";
import { resultInstanceUid, resultSeriesUid, writtenObject, type WrittenObject } from "../result-identity.ts";
import { segmentationClass } from "../segmentation/write-segmentation.ts";
import { code, container, image, text, uidReference } from "./content-item.ts";
import { measurementGroups } from "./measurement-groups.ts";
import { modalityCodes, reportCodes as codes } from "./report-codes.ts";

const comprehensiveSr: ResultClass = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.88.33",
  modality: "SR",
  is: "document",
};

/** @param all the outputs of the job. Refusals: those of the groups, and of a source with an unusable identity. */
export function writeMeasurements(
  report: Measurements,
  all: readonly DerivedOutput[],
  source: DerivationSource,
  context: DerivationContext,
): readonly WrittenObject[] | Refusal {
  const series = bySeries(source);
  const [sourceSeriesUid] = series.keys();
  const groups = measurementGroups({ report, all, context, sourceSeriesUid });
  if (isRefusal(groups)) return groups;
  const result = resultElements(report, comprehensiveSr, source, context);
  if (isRefusal(result)) return result;
  const elements = merged([
    result,
    elementsOf({
      ReferencedPerformedProcedureStepSequence: [],
      PerformedProcedureCodeSequence: [],
      CompletionFlag: "COMPLETE",
      VerificationFlag: "UNVERIFIED",
      CurrentRequestedProcedureEvidenceSequence: evidence(report, source, context),
    }),
    container(
      undefined,
      codes.report,
      [
        code("HAS CONCEPT MOD", codes.language, codes.english),
        ...observer(context),
        code("HAS CONCEPT MOD", codes.procedure, report.procedure),
        imageLibrary(source),
        container("CONTAINS", codes.measurements, groups),
        ...report.remarks.map((remark) => text("CONTAINS", codes.comment, remark)),
      ],
      "1500",
    ),
  ]);
  const object = {
    sopInstanceUid: resultInstanceUid(context, report.key, 0),
    sopClassUid: comprehensiveSr.sopClassUid,
    seriesInstanceUid: resultSeriesUid(context, report.key),
  };
  return [writtenObject(object, encodeElements(elements))];
}

/** TID 1002 and 1004: no person observed. */
function observer({ softwareVersion }: DerivationContext): readonly Elements[] {
  return [
    code("HAS OBS CONTEXT", codes.observerType, codes.device),
    uidReference("HAS OBS CONTEXT", codes.deviceUid, derivedUid("releve device observer")),
    text("HAS OBS CONTEXT", codes.deviceName, `Relève ${softwareVersion}`),
    text("HAS OBS CONTEXT", codes.deviceManufacturer, "Relève"),
    text("HAS OBS CONTEXT", codes.deviceModel, "Relève"),
  ];
}

/** TID 1600: the source images, a group for each series. */
function imageLibrary(source: DerivationSource): Elements {
  const groups = [...bySeries(source).values()].map((references) => {
    const iod = outputIod(references[0]!.sopClassUid);
    const modality = isRefusal(iod) ? undefined : modalityCodes[iod.modality];
    return container("CONTAINS", codes.imageLibraryGroup, [
      ...(modality ? [code("HAS ACQ CONTEXT", codes.modality, modality)] : []),
      ...references.map((reference) => image("CONTAINS", undefined, reference)),
    ]);
  });
  return container("CONTAINS", codes.imageLibrary, groups, "1600");
}

/** Everything that the report refers to, by study and series. */
function evidence(
  report: Measurements,
  source: DerivationSource,
  context: DerivationContext,
): readonly Elements[] {
  const masks = new Set(report.groups.flatMap(({ segment }) => (segment ? [segment.key] : [])));
  const own = [...masks].map((key) => {
    const { sopClassUid } = segmentationClass;
    return [
      resultSeriesUid(context, key),
      [{ sopClassUid, sopInstanceUid: resultInstanceUid(context, key, 0) }],
    ] as const;
  });
  const series = [...bySeries(source), ...own].map(([SeriesInstanceUID, references]) =>
    elementsOf({ SeriesInstanceUID, ReferencedSOPSequence: references.map(instanceReference) }),
  );
  return [elementsOf({ StudyInstanceUID: source.studyInstanceUid, ReferencedSeriesSequence: series })];
}
