import type { Digest } from "@releve/domain/ids";
import type { VolumePlan } from "@releve/domain/series-split";
import { expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import { axialGrid, planOf } from "./known-volume.fixture.ts";
import { offerApplications } from "./offer-applications.ts";

const pet = {
  modality: "PT",
  sopClassUid: "1.2.840.10008.5.1.4.1.1.128",
  imageType: ["ORIGINAL", "PRIMARY"],
} satisfies Partial<VolumePlan>;
const diffusion = (bValue: number): VolumePlan =>
  planOf(axialGrid, { modality: "MR", seriesInstanceUid: "1.9", split: { bValue } });

function offered(...plans: readonly VolumePlan[]) {
  const volumes = plans.map((plan, index) => ({ digest: String(index).repeat(64) as Digest, plan }));
  return offerApplications(catalogue, volumes);
}
const named = (fit: string, all: ReturnType<typeof offered>) =>
  all.filter((one) => one.fit === fit).map(({ application }) => application.id);

test("of a CT what a rule does comes first, then what a person may ask for, then what does not take it, with the reason", () => {
  const all = offered(planOf(axialGrid));
  expect(named("proposed", all)).toEqual(["mpr", "slab"]);
  expect(named("taken", all)).toEqual(["calcium", "curved", "lung", "rendering", "roi"]);
  expect(named("refused", all)).toEqual(["adc", "fusion", "perfusion", "suv"]);
  expect(all.map(({ fit }) => fit)).toEqual(
    all.map(({ fit }) => fit).toSorted((a, b) => "ptr".indexOf(a[0]!) - "ptr".indexOf(b[0]!)),
  );
  const reasons = all
    .filter(({ fit }) => fit === "refused")
    .flatMap(({ offers }) => offers.map((offer) => ("refused" in offer ? offer.refused.reason : "")));
  expect(reasons).toHaveLength(4);
  expect(reasons.every((reason) => reason.length > 10)).toBe(true);
});

test("a PET is for SUV, and a series with b-values for ADC, on the volumes that belong together", () => {
  expect(named("proposed", offered(planOf(axialGrid, pet)))).toContain("suv");
  const [adc] = offered(diffusion(1000), diffusion(0));
  expect(adc).toMatchObject({
    application: { id: "adc" },
    fit: "proposed",
    offers: [{ plans: ["1".repeat(64), "0".repeat(64)], parameters: {} }],
  });
});

test("one volume that is taken is enough, and each says for itself", () => {
  const single = planOf({ ...axialGrid, slices: 1 });
  const mpr = offered(single, planOf(axialGrid)).find(({ application }) => application.id === "mpr")!;
  expect(mpr.fit).toBe("proposed");
  expect(mpr.offers).toMatchObject([{ refused: { code: "TOO_FEW_SLICES" } }, { parameters: {} }]);
});

test("of a study without volumes nothing is offered", () => {
  expect(offered().every(({ fit, offers }) => fit === "refused" && offers.length === 0)).toBe(true);
});
