import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { isRefusal } from "@releve/domain/refusal";
import { sharedData } from "@releve/testkit/shared-data";
import { describe, expect, test } from "vitest";
import { petHeader, plainHeader, type Header, type PrivateValues } from "./pet-header.fixture.ts";
import { suvFactor } from "./suv-factor.ts";
import type { SuvKind } from "./suv-kind.ts";

function factorOf(changes: Header = {}, kind: SuvKind = "SUVbw", hidden: PrivateValues = {}): number {
  const found = suvFactor(petHeader({ ...plainHeader, ...changes }, hidden), kind);
  if (isRefusal(found)) throw new Error(`${found.refused}: ${found.reason}`);
  return found.factor;
}

const refusedOf = (changes: Header, kind: SuvKind = "SUVbw") => {
  const found = suvFactor(petHeader({ ...plainHeader, ...changes }), kind);
  return isRefusal(found) ? found.refused : found;
};

const relative = (found: number, expected: number) => Math.abs(found / expected - 1);

/** A quarter of the dose is left. */
const bw = 70_000 / (370e6 / 4);

describe("in closed form", () => {
  test("two half lives after the injection", () => {
    expect(relative(factorOf(), bw)).toBeLessThan(1e-14);
  });

  test("ADMIN: the dose is not decayed a second time", () => {
    expect(factorOf({ DecayCorrection: "ADMIN" })).toBe(70_000 / 370e6);
  });

  test("lean body mass and body surface of a man of 70 kg and 1.75 m, and of a woman", () => {
    const dose = 370e6 / 4;
    const bmi = 70 / 1.75 ** 2;
    const kinds: [SuvKind, "M" | "F", number][] = [
      ["SUVlbm(Janma)", "M", (9_270_000 * 70) / (6680 + 216 * bmi)],
      ["SUVlbm(Janma)", "F", (9_270_000 * 70) / (8780 + 244 * bmi)],
      ["SUVlbm(James128)", "M", 1000 * (1.1 * 70 - 128 * 0.16)],
      ["SUVlbm(James128)", "F", 1000 * (1.07 * 70 - 148 * 0.16)],
      ["SUVbsa", "M", 10_000 * 0.007184 * 70 ** 0.425 * 175 ** 0.725],
      ["SUVbsa", "F", 10_000 * 0.007184 * 70 ** 0.425 * 175 ** 0.725],
    ];
    for (const [kind, PatientSex, size] of kinds)
      expect(relative(factorOf({ PatientSex }, kind), size / dose)).toBeLessThan(1e-14);
    // By hand: 55.86 kg (Janmahasatian), 56.52 kg (James), 1.848 m2 (Du Bois).
    expect(factorOf({}, "SUVlbm(Janma)") * dose).toBeCloseTo(55_857.1, 1);
    expect(factorOf({}, "SUVlbm(James128)") * dose).toBeCloseTo(56_520, 6);
    expect((factorOf({}, "SUVbsa") * dose) / 10_000).toBeCloseTo(1.848, 3);
  });
});

describe("values that are SUV already", () => {
  test("are never scaled again, and need neither dose nor weight", () => {
    const bare = { Units: "GML", RadionuclideTotalDose: undefined, RadionuclideHalfLife: undefined };
    const none = { ...bare, PatientWeight: undefined, RadiopharmaceuticalStartTime: undefined };
    expect(factorOf(none)).toBe(1);
    expect(factorOf({ ...none, SUVType: "BW" })).toBe(1);
    expect(factorOf({ ...none, SUVType: "LBMJANMA" }, "SUVlbm(Janma)")).toBe(1);
    expect(factorOf({ ...none, Units: "CM2ML", SUVType: "BSA" }, "SUVbsa")).toBe(1);
  });

  test("become another kind by the ratio of the body sizes", () => {
    for (const kind of ["SUVlbm(Janma)", "SUVlbm(James128)", "SUVbsa"] as const)
      expect(relative(factorOf({ Units: "GML", SUVType: "BW" }, kind), factorOf({}, kind) / bw)).toBeLessThan(
        1e-14,
      );
    const back =
      factorOf({ Units: "GML", SUVType: "LBMJANMA" }) * factorOf({ Units: "GML" }, "SUVlbm(Janma)");
    expect(back).toBeCloseTo(1, 14);
  });

  test("of a type that names no formula are refused", () => {
    expect(refusedOf({ Units: "GML", SUVType: "LBM" })).toBe("SUV_TYPE_UNKNOWN");
    expect(refusedOf({ Units: "GML", SUVType: "IBW" })).toBe("SUV_TYPE_UNKNOWN");
  });
});

describe("Philips' counts", () => {
  const group = "Philips PET Private Group";

  test("by the SUV factor, and another kind through the body's size", () => {
    const hidden = { [`${group} 0`]: "0.000551", [`${group} 9`]: "1.602563" };
    expect(factorOf({ Units: "CNTS" }, "SUVbw", hidden)).toBe(0.000551);
    const janma = factorOf({ Units: "CNTS" }, "SUVlbm(Janma)", hidden);
    expect(relative(janma, (0.000551 * factorOf({}, "SUVlbm(Janma)")) / bw)).toBeLessThan(1e-14);
  });

  test("by the activity concentration factor where the SUV factor is absent or zero", () => {
    for (const zero of [{}, { [`${group} 0`]: "0" }])
      expect(factorOf({ Units: "CNTS" }, "SUVbw", { ...zero, [`${group} 9`]: "1.5" })).toBeCloseTo(
        1.5 * bw,
        14,
      );
  });

  test("without either are refused", () =>
    expect(refusedOf({ Units: "CNTS" })).toBe("COUNTS_WITHOUT_FACTOR"));
});

describe("times", () => {
  test("the injection's date and time count before its time, an offset from UTC with it", () => {
    const dated = {
      RadiopharmaceuticalStartTime: "235959",
      RadiopharmaceuticalStartDateTime: "20240102100000.00",
    };
    expect(relative(factorOf(dated), bw)).toBeLessThan(1e-14);
    const elsewhere = {
      RadiopharmaceuticalStartDateTime: "20240102090000+0000",
      TimezoneOffsetFromUTC: "+0100",
    };
    expect(relative(factorOf(elsewhere), bw)).toBeLessThan(1e-14);
    const here = { RadiopharmaceuticalStartDateTime: "20240102100000+0100" };
    expect(relative(factorOf(here), bw)).toBeLessThan(1e-14);
  });

  test("over midnight, with and without a date", () => {
    const night = { SeriesTime: "003000", AcquisitionTime: "003000", RadiopharmaceuticalStartTime: "223000" };
    expect(relative(factorOf(night), bw)).toBeLessThan(1e-14);
    expect(
      relative(factorOf({ ...night, RadiopharmaceuticalStartDateTime: "20240101223000" }), bw),
    ).toBeLessThan(1e-14);
    const newYear = { ...night, SeriesDate: "20240101", AcquisitionDate: "20240101" };
    expect(
      relative(factorOf({ ...newYear, RadiopharmaceuticalStartDateTime: "20231231223000" }), bw),
    ).toBeLessThan(1e-14);
  });

  test("a later bed's Acquisition Time changes nothing", () => {
    expect(relative(factorOf({ AcquisitionTime: "122000" }), bw)).toBeLessThan(1e-14);
  });

  test("a series that was written afterwards: the earliest acquisition of both ends", () => {
    const written = {
      ...plainHeader,
      SeriesTime: "180000",
      AcquisitionTime: "122000",
      FrameReferenceTime: 0,
    };
    const late = petHeader(written);
    const early = petHeader({ ...written, AcquisitionTime: "120000" });
    for (const ends of [
      [late, early],
      [early, late],
    ] as const)
      expect(suvFactor(ends, "SUVbw")).toMatchObject({ factor: bw });
  });

  test("a series that was written afterwards: Frame Reference Time leads back, from every bed", () => {
    const seconds = 600;
    const decay = (Math.LN2 / 3600) * seconds;
    const meanRate = (Math.log(decay / (1 - Math.exp(-decay))) * 3600) / Math.LN2;
    expect(meanRate).toBeGreaterThan(0.49 * seconds);
    const later = {
      SeriesTime: "180000",
      AcquisitionTime: "122000",
      ActualFrameDuration: seconds * 1000,
      FrameReferenceTime: (1200 + meanRate) * 1000,
    };
    expect(relative(factorOf(later), bw)).toBeLessThan(1e-12);
  });

  test("a series that was written afterwards: GE's private scan time comes first", () => {
    const later = {
      SeriesTime: "180000",
      AcquisitionTime: "122000",
      FrameReferenceTime: 1,
      ActualFrameDuration: 1,
    };
    const ge = factorOf(later, "SUVbw", { "GEMS_PETD_01 13": "20240102120000.00" });
    expect(relative(ge, bw)).toBeLessThan(1e-14);
  });
});

describe("the Decay Factor of a bed", () => {
  /** Ten minutes after the reference, for 10 minutes. */
  const decay = (Math.LN2 * 600) / 3600;
  const right = 2 ** (600 / 3600) * (decay / (1 - Math.exp(-decay)));
  const basisOf = (DecayFactor: number) => {
    const bed = { AcquisitionTime: "121000", ActualFrameDuration: 600_000, DecayFactor };
    const found = suvFactor(petHeader({ ...plainHeader, ...bed }), "SUVbw");
    return isRefusal(found) ? found.reason : found.basis;
  };

  test("that fits the reference time says nothing, nor does one that was never kept", () => {
    expect(basisOf(right)).toMatch(/to Series Time\.$/);
    expect(basisOf(right * 1.02)).toMatch(/to Series Time\.$/);
    expect(basisOf(1)).toMatch(/to Series Time\.$/);
  });

  test("that contradicts it is said with by how much", () => {
    expect(basisOf(right * 1.1)).toContain("contradicts this reference time by 10 %");
  });
});

describe("refused with a reason", () => {
  test.each<[string, Header, SuvKind?]>([
    ["PATIENT_WEIGHT_MISSING", { PatientWeight: undefined }],
    ["PATIENT_WEIGHT_MISSING", { PatientWeight: 0 }],
    ["PATIENT_WEIGHT_UNLIKELY", { PatientWeight: 70_000 }],
    ["PATIENT_SIZE_MISSING", { PatientSize: undefined }, "SUVlbm(Janma)"],
    ["PATIENT_SIZE_MISSING", { PatientSize: undefined }, "SUVlbm(James128)"],
    ["PATIENT_SIZE_MISSING", { PatientSize: undefined }, "SUVbsa"],
    ["PATIENT_SIZE_UNLIKELY", { PatientSize: 175 }, "SUVbsa"],
    ["PATIENT_SEX_MISSING", { PatientSex: "O" }, "SUVlbm(Janma)"],
    ["PATIENT_SEX_MISSING", { PatientSex: undefined }, "SUVlbm(James128)"],
    ["JAMES_NOT_VALID", { PatientWeight: 135 }, "SUVlbm(James128)"],
    ["DOSE_MISSING", { RadionuclideTotalDose: undefined }],
    ["DOSE_UNLIKELY", { RadionuclideTotalDose: 370 }],
    ["HALF_LIFE_MISSING", { RadionuclideHalfLife: undefined }],
    ["HALF_LIFE_MISSING", { RadionuclideHalfLife: 0 }],
    ["INJECTION_TIME_MISSING", { RadiopharmaceuticalStartTime: undefined }],
    ["INJECTION_AFTER_SCAN", { RadiopharmaceuticalStartDateTime: "20240102120001" }],
    ["INJECTION_TOO_EARLY", { RadiopharmaceuticalStartDateTime: "20231202120001" }],
    ["SERIES_TIME_MISSING", { SeriesTime: "noon" }],
    ["ACQUISITION_TIME_MISSING", { AcquisitionTime: undefined }],
    ["NOT_ATTENUATION_CORRECTED", { CorrectedImage: ["DECY"] }],
    ["NOT_DECAY_CORRECTED", { CorrectedImage: ["ATTN"] }],
    ["NOT_DECAY_CORRECTED", { DecayCorrection: "NONE" }],
    ["DECAY_CORRECTION_UNKNOWN", { DecayCorrection: undefined }],
    ["UNITS_NOT_SUPPORTED", { Units: "PROPCPS" }],
    ["UNITS_NOT_SUPPORTED", { Units: undefined }],
  ])("%s for %j", (code, changes, kind) => {
    expect(refusedOf(changes, kind)).toBe(code);
  });

  test("no injection, and two", () => {
    const none = petHeader({
      ...plainHeader,
      ...Object.fromEntries(injection.map((keyword) => [keyword, undefined])),
    });
    expect(suvFactor(none, "SUVbw")).toMatchObject({ refused: "RADIOPHARMACEUTICAL_MISSING" });
    const twice = { ...petHeader(plainHeader), items: () => [petHeader({}), petHeader({})] };
    expect(suvFactor(twice, "SUVbw")).toMatchObject({ refused: "SEVERAL_RADIOPHARMACEUTICALS" });
  });
});

const injection = ["RadionuclideTotalDose", "RadionuclideHalfLife", "RadiopharmaceuticalStartTime"];

const vendors = sharedData("suv-factors-json");

type Instance = Header & { readonly PhilipsPETPrivateGroup: Readonly<Record<string, string>> };
const json = (path: string): unknown => JSON.parse(readFileSync(path, "utf8"));
const expected = vendors ? (json(join(vendors, "expected.json")) as Record<string, number>) : {};

test.skipIf(!vendors).each(Object.keys(expected))("known factor of real headers: %s", (name) => {
  const instances = json(join(vendors!, `${name}-instances.json`)) as Instance[];
  const slices = instances.map(({ PhilipsPETPrivateGroup: philips, ...header }) =>
    petHeader(header, {
      ...(philips["SUVScaleFactor"] && { "Philips PET Private Group 0": philips["SUVScaleFactor"] }),
    }),
  );
  const found = suvFactor(slices as [(typeof slices)[0]], "SUVbw");
  if (isRefusal(found)) throw new Error(found.reason);
  expect(relative(found.factor, expected[name]!)).toBeLessThan(1e-12);
});

const headNeck = sharedData("pet-bqml-qin-headneck/pet");
const dro = sharedData("synthetic-truth/suv-dro");
const gml = sharedData("petct-mr-sts/PET/image");

describe("known factors of DICOM files", () => {
  test.skipIf(!headNeck)("eight beds, decayed to Series Time and to no bed's Acquisition Time", () => {
    const attributes = parseDicom(new Uint8Array(readFileSync(join(headNeck!, "000001.dcm")))).attributes;
    expect(suvFactor(attributes, "SUVbw")).toMatchObject({
      basis: expect.stringMatching(/5024\.678 s, to Series Time\.$/),
    });
    for (const name of ["000001.dcm", "000120.dcm"])
      expect(Math.abs(factorIn(join(headNeck!, name)) - 0.000294480404713)).toBeLessThan(1e-9 * 0.0003);
  });
  test.skipIf(!dro)("a digital reference object", () => {
    const truth = json(join(dro!, "truth.json")) as { suvbw_factor_g_per_Bq: number };
    expect(relative(factorIn(join(dro!, "I003.dcm")), truth.suvbw_factor_g_per_Bq)).toBeLessThan(1e-12);
  });
  test.skipIf(!gml)("GML of a real scanner", () => expect(factorIn(join(gml!, "000000.dcm"))).toBe(1));
});

function factorIn(path: string): number {
  const found = suvFactor(parseDicom(new Uint8Array(readFileSync(path))).attributes, "SUVbw");
  if (isRefusal(found)) throw new Error(found.reason);
  return found.factor;
}
