/** The attributes that queries match and return (PS3.18 tables 10.6.3-3 to -5), taken from an object as DICOM JSON. */
import { entryOfKeyword } from "@releve/dicom/data-set/dicom-dictionary";
import type { Attributes } from "@releve/dicom/data-set/attributes";
import type { IndexedAttribute, IndexedAttributes } from "@releve/store/object-index";

export type QueryLevel = "study" | "series" | "instance";

export const keywordsOf: Readonly<Record<QueryLevel, readonly string[]>> = {
  study: [
    "StudyDate",
    "StudyTime",
    "AccessionNumber",
    "ReferringPhysicianName",
    "TimezoneOffsetFromUTC",
    "StudyDescription",
    "PatientName",
    "PatientID",
    "IssuerOfPatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyID",
  ],
  series: [
    "Modality",
    "SeriesDate",
    "SeriesTime",
    "SeriesDescription",
    "BodyPartExamined",
    "ProtocolName",
    "SeriesInstanceUID",
    "SeriesNumber",
    "FrameOfReferenceUID",
    "Laterality",
    "PerformedProcedureStepStartDate",
    "PerformedProcedureStepStartTime",
    "RequestAttributesSequence",
  ],
  instance: [
    "SOPClassUID",
    "SOPInstanceUID",
    "ImageType",
    "AcquisitionDate",
    "ContentDate",
    "ContentTime",
    "AcquisitionNumber",
    "InstanceNumber",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "BitsAllocated",
  ],
};

/** Items of RequestAttributesSequence that series queries match. */
const requestKeywords = [
  "StudyInstanceUID",
  "AccessionNumber",
  "RequestedProcedureID",
  "ScheduledProcedureStepID",
];
const mostItems = 16;
/** Longer values are cut from the index, not from the object: a query never needs them. */
const longestText = 1024;

export function indexedAttributes(attributes: Attributes): IndexedAttributes {
  const keywords = [...keywordsOf.study, ...keywordsOf.series, ...keywordsOf.instance];
  return Object.fromEntries(keywords.flatMap((keyword) => valueOf(attributes, keyword)));
}

/** Absent where the object does not have it. */
function valueOf(attributes: Attributes, keyword: string): [string, IndexedAttribute][] {
  if (!attributes.has(keyword)) return [];
  const { vr } = entryOfKeyword(keyword);
  const Value = vr === "SQ" ? itemsOf(attributes, keyword) : valuesOf(attributes, keyword, vr);
  return [[tagOf(keyword), Value.length > 0 ? { vr, Value } : { vr }]];
}

function itemsOf(attributes: Attributes, keyword: string): readonly IndexedAttributes[] {
  const items = attributes.items(keyword).slice(0, mostItems);
  return items.map((item) => Object.fromEntries(requestKeywords.flatMap((name) => valueOf(item, name))));
}

const numeric = new Set(["IS", "DS", "US", "UL", "SS", "SL", "FL", "FD"]);

function valuesOf(attributes: Attributes, keyword: string, vr: string): readonly unknown[] {
  if (numeric.has(vr)) return attributes.numbers(keyword).filter((value) => Number.isFinite(value));
  const texts = attributes.strings(keyword).map((text) => text.slice(0, longestText));
  if (texts.every((text) => text === "")) return [];
  return vr === "PN" ? texts.map(personName) : texts;
}

const groupNames = ["Alphabetic", "Ideographic", "Phonetic"] as const;

/** PS3.18 annex F.2.2: the component groups of a Person Name by their names. */
function personName(text: string): Readonly<Record<string, string>> {
  const groups = text.split("=").slice(0, groupNames.length);
  const named = groups.map((group, index) => [groupNames[index]!, group] as const);
  return Object.fromEntries(named.filter(([, group]) => group !== ""));
}

export function tagOf(keyword: string): string {
  return entryOfKeyword(keyword).tag.toString(16).toUpperCase().padStart(8, "0");
}
