/** Headers of PET images in memory: plain values by keyword, and the private attributes of Philips and GE. */
import type { Attributes } from "@releve/dicom/data-set/attributes";
import { noAttributes } from "../known-volume.fixture.ts";

type Value = string | number | readonly (string | number)[];
export type Header = Readonly<Record<string, Value | undefined>>;

const injectionKeywords = new Set([
  "RadionuclideTotalDose",
  "RadionuclideHalfLife",
  "RadiopharmaceuticalStartTime",
  "RadiopharmaceuticalStartDateTime",
]);

/** Private attributes as "creator element": value. */
export type PrivateValues = Readonly<Record<string, string>>;

export function attributesOf(
  values: Header,
  items: readonly Attributes[] = [],
  hidden: PrivateValues = {},
): Attributes {
  const list = (keyword: string) => [values[keyword] ?? []].flat();
  const secret = (creator: string, element: number) => {
    const value = hidden[`${creator} ${element}`];
    return value === undefined ? [] : [value];
  };
  return {
    ...noAttributes,
    has: (keyword) => keyword in values,
    strings: (keyword) => list(keyword).map((value) => String(value).trim()),
    string: (keyword) => list(keyword).map((value) => String(value).trim())[0] || undefined,
    numbers: (keyword) => list(keyword).map(Number),
    number: (keyword) => list(keyword).map(Number).find(Number.isFinite),
    items: (keyword) => (keyword === "RadiopharmaceuticalInformationSequence" ? items : []),
    privateNumbers: (_, creator, element) => secret(creator, element).map(Number),
    privateStrings: (_, creator, element) => secret(creator, element),
  };
}

/** The injection's keywords go into the sequence. */
export function petHeader(values: Header, hidden: PrivateValues = {}): Attributes {
  const entries = Object.entries(values);
  const injection = entries.filter(
    ([keyword, value]) => injectionKeywords.has(keyword) && value !== undefined,
  );
  const items = injection.length > 0 ? [attributesOf(Object.fromEntries(injection))] : [];
  return attributesOf(
    Object.fromEntries(entries.filter(([keyword]) => !injectionKeywords.has(keyword))),
    items,
    hidden,
  );
}

/** F-18, 70 kg, 370 MBq injected two half lives before a scan whose values are corrected to its beginning. */
export const plainHeader = {
  Units: "BQML",
  CorrectedImage: ["ATTN", "DECY", "SCAT"],
  DecayCorrection: "START",
  PatientWeight: 70,
  PatientSize: 1.75,
  PatientSex: "M",
  SeriesDate: "20240102",
  SeriesTime: "120000",
  AcquisitionDate: "20240102",
  AcquisitionTime: "120000",
  RadiopharmaceuticalStartTime: "100000",
  RadionuclideTotalDose: 370e6,
  RadionuclideHalfLife: 3600,
} satisfies Header;
