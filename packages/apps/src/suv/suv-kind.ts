/** The standardized uptake values that are computed: what each is called, its unit, and its codes (PS3.16 CID 85 and 7469). */
import type { CodedConcept } from "@releve/dicom/derived/derived-series";
import { dcm, ucum } from "../quantity-codes.ts";

export const suvKinds = ["SUVbw", "SUVlbm(Janma)", "SUVlbm(James128)", "SUVbsa"] as const;
export type SuvKind = (typeof suvKinds)[number];

export type SuvKindFacts = {
  /** As DICOM writes it: PS3.3 C.8.9.1, SUV Type. */
  readonly suvType: "BW" | "LBMJANMA" | "LBMJAMES128" | "BSA";
  readonly quantity: CodedConcept;
  readonly unit: CodedConcept;
  readonly method: CodedConcept;
  /** For a person. */
  readonly title: string;
  /** The upper end of a display window from zero: a warm liver is well below it, in this kind. */
  readonly windowTop: number;
};

export const suvKindFacts: Readonly<Record<SuvKind, SuvKindFacts>> = {
  SUVbw: {
    suvType: "BW",
    quantity: dcm("126401", "SUVbw"),
    unit: ucum("g/ml{SUVbw}", "Standardized Uptake Value body weight"),
    method: dcm("126410", "SUV body weight calculation method"),
    title: "SUV by body weight",
    windowTop: 7,
  },
  "SUVlbm(Janma)": {
    suvType: "LBMJANMA",
    quantity: dcm("126405", "SUVlbm(Janma)"),
    unit: ucum("g/ml{SUVlbm(Janma)}", "Standardized Uptake Value lean body mass (Janma)"),
    method: dcm("126414", "SUV lean body mass calculation Janmahasatian method"),
    title: "SUV by lean body mass (Janmahasatian)",
    windowTop: 5,
  },
  "SUVlbm(James128)": {
    suvType: "LBMJAMES128",
    quantity: dcm("126406", "SUVlbm(James128)"),
    unit: ucum("g/ml{SUVlbm(James128)}", "Standardized Uptake Value lean body mass (James 128 multiplier)"),
    method: dcm("126415", "SUV lean body mass calculation method using 128 multiplier"),
    title: "SUV by lean body mass (James)",
    windowTop: 5,
  },
  SUVbsa: {
    suvType: "BSA",
    quantity: dcm("126403", "SUVbsa"),
    unit: ucum("cm2/ml{SUVbsa}", "Standardized Uptake Value body surface area"),
    method: dcm("126412", "SUV body surface area calculation method"),
    title: "SUV by body surface area (Du Bois)",
    windowTop: 2,
  },
};
