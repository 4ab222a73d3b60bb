import { expect, test } from "vitest";
import type { RequestOptions } from "../app/answers.ts";
import { applicationChoices, draftFor, refusedFor, whyNotOffered, withPlans } from "./request-draft.ts";

const options = {
  study: "3b6f0a54-0000-5000-8000-000000000000",
  volumes: [
    { plan: "a", seriesInstanceUid: "1.2", modality: "CT", slices: 1, split: {} },
    { plan: "b", seriesInstanceUid: "1.3", modality: "CT", slices: 90, split: {} },
  ],
  applications: [
    {
      id: "mpr",
      version: "1",
      title: { en: "Planes", fr: "Plans" },
      takes: "volume",
      fit: "proposed",
      schema: { type: "object" },
      offers: [
        { plans: ["a"], refused: { code: "TOO_FEW_SLICES", reason: "one slice" } },
        { plans: ["b"], parameters: { imagesMax: 60 } },
      ],
    },
    {
      id: "adc",
      version: "1",
      title: { en: "Diffusion", fr: "Diffusion" },
      takes: "volumes",
      fit: "refused",
      schema: { type: "object", properties: { fit: { enum: ["linear"] } }, required: ["fit"] },
      offers: [],
    },
  ],
} satisfies RequestOptions;

test("an application begins with the first volumes that it takes, and its own parameters for them", () => {
  const draft = draftFor(options, "mpr");
  expect(draft).toEqual({ application: "mpr", plans: ["b"], parameters: { imagesMax: 60 } });
  expect(refusedFor(options, draft)).toBeUndefined();
});

test("the reason shows as soon as volumes are chosen that it does not take; what was typed stays", () => {
  const typed = { ...draftFor(options, "mpr"), parameters: { imagesMax: 7 } };
  const other = withPlans(options, typed, ["a"]);
  expect(refusedFor(options, other)).toBe("one slice");
  expect(other.parameters).toEqual({ imagesMax: 7 });
});

test("an application that finds no volumes by itself begins with the first, and what its schema says", () => {
  expect(draftFor(options, "adc")).toEqual({
    application: "adc",
    plans: ["a"],
    parameters: { fit: "linear" },
  });
  expect(refusedFor(options, draftFor(options, "adc"))).toBeUndefined();
});

test("what takes none of the volumes is a group of its own below the others, with each reason once", () => {
  expect(applicationChoices(options, "fr", "Pas pour cet examen")).toEqual([
    { value: "mpr", label: "Plans" },
    { group: "Pas pour cet examen", items: [{ value: "adc", label: "Diffusion" }] },
  ]);
  expect(whyNotOffered(options, "en")).toEqual([]);
  const offers = ["a", "b"].map((plan) => ({
    plans: [plan],
    refused: { code: "MODALITY_NOT_SUPPORTED", reason: "These are CT." },
  }));
  const asked: RequestOptions = { ...options, applications: [{ ...options.applications[1]!, offers }] };
  expect(whyNotOffered(asked, "en")).toEqual([{ id: "adc", title: "Diffusion", reason: "These are CT." }]);
});
