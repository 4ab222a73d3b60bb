/**
 * Reads a Measurement Report (PS3.16 TID 1500) back: what was measured, where, by what. What it does not know it passes over;
 * a number without a unit is not one.
 */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Attributes } from "../../data-set/attributes.ts";
import type { DicomObject } from "../../data-set/dicom-object.ts";
import type { CodedConcept } from "../derived-series.ts";
import type { Measurement } from "../derived-output.ts";
import { reportCodes as codes } from "./report-codes.ts";

export type ReadGroup = {
  /** Its Tracking Identifier; empty where it has none. */
  readonly label: string;
  readonly finding?: CodedConcept;
  readonly site?: CodedConcept;
  readonly laterality?: CodedConcept;
  /** Number of the segment that was measured, and the segmentation that holds it. */
  readonly segment?: { readonly sopInstanceUid: string; readonly number: number };
  readonly algorithm?: { readonly name: string; readonly version: string; readonly parameters: string };
  readonly measurements: readonly Measurement[];
};

export type ReadReport = {
  readonly sopInstanceUid: string;
  readonly title: string;
  readonly procedure?: CodedConcept;
  readonly groups: readonly ReadGroup[];
  readonly remarks: readonly string[];
};

/** Refusal: NOT_A_MEASUREMENT_REPORT. */
export function readMeasurements({ attributes, sopInstanceUid }: DicomObject): ReadReport | Refusal {
  const root = conceptOf(attributes, "ConceptNameCodeSequence");
  if (!root || !isSame(root, codes.report))
    return refusal("NOT_A_MEASUREMENT_REPORT", "The object is no Imaging Measurement Report.");
  const items = children(attributes);
  const procedure = codeIn(items, codes.procedure);
  return {
    sopInstanceUid,
    title: attributes.string("SeriesDescription") ?? root.codeMeaning,
    ...(procedure && { procedure }),
    groups: named(items, codes.measurements)
      .flatMap((container) => named(children(container), codes.group))
      .map(groupOf),
    remarks: named(items, codes.comment).flatMap((item) => item.string("TextValue") ?? []),
  };
}

function groupOf(group: Attributes): ReadGroup {
  const items = children(group);
  const [site] = named(items, codes.site);
  const facts = {
    finding: codeIn(items, codes.finding),
    site: site && conceptOf(site, "ConceptCodeSequence"),
    laterality: codeIn(site ? children(site) : items, codes.laterality),
    segment: segmentOf(items),
    algorithm: algorithmOf(items),
  };
  return {
    label: textIn(items, codes.trackingId) ?? "",
    ...(present(facts) as Partial<ReadGroup>),
    measurements: items.flatMap((item) => measurementOf(item) ?? []),
  };
}

const present = (facts: object) =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));

function segmentOf(items: readonly Attributes[]): ReadGroup["segment"] {
  const [reference] = named(items, codes.segment).flatMap((item) => item.items("ReferencedSOPSequence"));
  const sopInstanceUid = reference?.string("ReferencedSOPInstanceUID");
  const number = reference?.number("ReferencedSegmentNumber");
  return sopInstanceUid === undefined || number === undefined ? undefined : { sopInstanceUid, number };
}

function algorithmOf(items: readonly Attributes[]): ReadGroup["algorithm"] {
  const name = textIn(items, codes.algorithmName);
  if (name === undefined) return undefined;
  return {
    name,
    version: textIn(items, codes.algorithmVersion) ?? "",
    parameters: textIn(items, codes.algorithmParameters) ?? "",
  };
}

/** TID 300, with where it lies on an axis, for a point of a curve. */
function measurementOf(item: Attributes): Measurement | undefined {
  const measured = numberOf(item);
  if (!measured) return undefined;
  const method = codeIn(children(item), codes.method);
  const derivation = codeIn(children(item), codes.derivation);
  const [at] = children(item)
    .filter((child) => child.string("RelationshipType") === "HAS PROPERTIES")
    .flatMap((child) => numberOf(child) ?? []);
  return { ...measured, ...(method && { method }), ...(derivation && { derivation }), ...(at && { at }) };
}

/** The double counts where the decimal text could not hold it. */
function numberOf(item: Attributes): Pick<Measurement, "concept" | "value" | "unit"> | undefined {
  const [measured] = item.string("ValueType") === "NUM" ? item.items("MeasuredValueSequence") : [];
  const concept = conceptOf(item, "ConceptNameCodeSequence");
  const value = measured?.number("FloatingPointValue") ?? measured?.number("NumericValue");
  const unit = measured && conceptOf(measured, "MeasurementUnitsCodeSequence");
  return concept && value !== undefined && unit ? { concept, value, unit } : undefined;
}

const children = (item: Attributes) => item.items("ContentSequence");

const named = (items: readonly Attributes[], name: CodedConcept): readonly Attributes[] =>
  items.filter((item) => {
    const concept = conceptOf(item, "ConceptNameCodeSequence");
    return concept !== undefined && isSame(concept, name);
  });

const codeIn = (items: readonly Attributes[], name: CodedConcept): CodedConcept | undefined => {
  const [item] = named(items, name);
  return item && conceptOf(item, "ConceptCodeSequence");
};

const textIn = (items: readonly Attributes[], name: CodedConcept): string | undefined =>
  named(items, name)[0]?.string("TextValue");

function conceptOf(item: Attributes, keyword: string): CodedConcept | undefined {
  const [coded] = item.items(keyword);
  // More than 16 characters, such as a unit with its annotation, stand elsewhere: PS3.3 8.8.
  const codeValue =
    coded?.string("CodeValue") ?? coded?.string("LongCodeValue") ?? coded?.string("URNCodeValue");
  const codingSchemeDesignator = coded?.string("CodingSchemeDesignator");
  if (codeValue === undefined || codingSchemeDesignator === undefined) return undefined;
  return { codeValue, codingSchemeDesignator, codeMeaning: coded?.string("CodeMeaning") ?? codeValue };
}

const isSame = (a: CodedConcept, b: CodedConcept): boolean =>
  a.codeValue === b.codeValue && a.codingSchemeDesignator === b.codingSchemeDesignator;
