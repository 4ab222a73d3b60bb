/**
 * Measurement groups: TID 1411 where a segment was measured, else TID 1501. Each names the algorithm with its version
 * and engine (TID 4019), so that a group that is read alone still says where its numbers come from.
 */
import { derivedUid } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { DerivationContext } from "../derivation-context.ts";
import type { DerivedOutput, Measurement, MeasurementGroup, Measurements } from "../derived-output.ts";
import type { Elements } from "../elements.ts";
import { resultInstanceUid } from "../result-identity.ts";
import { segmentationClass } from "../segmentation/write-segmentation.ts";
import { code, container, image, number, text, uidReference } from "./content-item.ts";
import { reportCodes as codes } from "./report-codes.ts";

export type GroupContext = {
  readonly report: Measurements;
  readonly all: readonly DerivedOutput[];
  readonly context: DerivationContext;
  /** The series of the volume in whose frame the results lie; undefined where nobody can name it. */
  readonly sourceSeriesUid: string | undefined;
};

/** Refusals: MEASUREMENT_NOT_FINITE, SEGMENT_UNKNOWN, MEASUREMENTS_MISSING. */
export function measurementGroups(of: GroupContext): readonly Elements[] | Refusal {
  if (of.report.groups.length === 0)
    return refusal("MEASUREMENTS_MISSING", "A report needs a group of measurements.");
  const groups: Elements[] = [];
  for (const [index, group] of of.report.groups.entries()) {
    const written = groupContainer(group, index, of);
    if (isRefusal(written)) return written;
    groups.push(written);
  }
  return groups;
}

function groupContainer(group: MeasurementGroup, index: number, of: GroupContext): Elements | Refusal {
  const absent = group.measurements.find(
    ({ value, at }) => !Number.isFinite(value) || !Number.isFinite(at?.value ?? 0),
  );
  if (absent)
    return refusal(
      "MEASUREMENT_NOT_FINITE",
      `${absent.concept.codeMeaning} of ${group.label} is no finite number.`,
    );
  const segment = segmentReferences(group, of);
  if (isRefusal(segment)) return segment;
  const trackingUid = derivedUid(`tracking ${of.context.jobId} ${of.report.key} ${index}`);
  const items = [
    text("HAS OBS CONTEXT", codes.trackingId, group.label),
    uidReference("HAS OBS CONTEXT", codes.trackingUid, trackingUid),
    ...algorithmItems(of.context),
    ...(group.finding ? [code("CONTAINS", codes.finding, group.finding)] : []),
    ...siteItems(group),
    ...segment,
    ...group.measurements.map(numberItem),
    ...(group.qualitative ?? []).map(({ concept, value }) => code("CONTAINS", concept, value)),
  ];
  return container("CONTAINS", codes.group, items, group.segment ? "1411" : "1501");
}

function segmentReferences(group: MeasurementGroup, of: GroupContext): readonly Elements[] | Refusal {
  if (!group.segment) return [];
  const { key, number: segmentNumber } = group.segment;
  const segmentation = of.all.find((output) => output.kind === "segmentation" && output.key === key);
  const segments = segmentation?.kind === "segmentation" ? segmentation.segments.length : 0;
  if (!(segmentNumber >= 1 && segmentNumber <= segments))
    return refusal(
      "SEGMENT_UNKNOWN",
      `${group.label} was measured on a segment that the result does not hold.`,
    );
  const reference = {
    sopClassUid: segmentationClass.sopClassUid,
    sopInstanceUid: resultInstanceUid(of.context, key, 0),
  };
  return [
    image("CONTAINS", codes.segment, reference, segmentNumber),
    ...(of.sourceSeriesUid ? [uidReference("CONTAINS", codes.sourceSeries, of.sourceSeriesUid)] : []),
  ];
}

function algorithmItems({ application, applicationVersion, engine }: DerivationContext): readonly Elements[] {
  return [
    text("HAS CONCEPT MOD", codes.algorithmName, application),
    text("HAS CONCEPT MOD", codes.algorithmVersion, applicationVersion),
    text("HAS CONCEPT MOD", codes.algorithmParameters, `engine ${engine}`),
  ];
}

/** The side belongs to the site; without one it stands by itself. */
function siteItems({ site, laterality }: MeasurementGroup): readonly Elements[] {
  const side = laterality ? [code("HAS CONCEPT MOD", codes.laterality, laterality)] : [];
  return site ? [code("HAS CONCEPT MOD", codes.site, site, side)] : side;
}

/** TID 300; a point of a curve says where it lies as a property of its own. */
function numberItem(measurement: Measurement): Elements {
  const { concept, method, derivation, at } = measurement;
  return number("CONTAINS", concept, measurement, [
    ...(method ? [code("HAS CONCEPT MOD", codes.method, method)] : []),
    ...(derivation ? [code("HAS CONCEPT MOD", codes.derivation, derivation)] : []),
    ...(at ? [number("HAS PROPERTIES", at.concept, at, [])] : []),
  ]);
}
