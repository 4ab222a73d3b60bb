import type { Digest, SiteId, StudyId } from "@releve/domain/ids";
import { refusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Application } from "./application.ts";
import { askByHand, type Wish } from "./ask-by-hand.ts";
import { axialGrid, planOf } from "./known-volume.fixture.ts";
import { parametersBytesMax } from "./parse-parameters.ts";
import { requestOf } from "./request-job.ts";

const nameOf = (letter: string) => letter.repeat(64) as Digest;
const first = { digest: nameOf("a"), plan: planOf(axialGrid) };
const second = { digest: nameOf("b"), plan: planOf(axialGrid, { split: { bValue: 1000 } }) };
const study = {
  study: "3b6f0a54-0000-5000-8000-000000000000" as StudyId,
  volumes: [first, second],
  inputSite: "site-a" as SiteId,
  bytesOf: () => 10,
};

const shape = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("ball"),
    radiusMm: z.number().max(50),
    count: z.int().default(3),
    half: z.union([z.literal(1), z.literal(2)]).optional(),
  }),
  z.object({ kind: z.literal("box"), sidesMm: z.tuple([z.number(), z.number()]) }),
]);
const common = {
  version: "1",
  title: { en: "Test", fr: "Essai" },
  users: [],
  kernels: [],
  parameters: shape,
  compute: async () => refusal("NOT_HERE", "never computed in this test"),
};
const alone: Application = {
  ...common,
  id: "alone",
  takes: "volume",
  propose: () => [],
  refuses: ([plan]) => (plan!.split["bValue"] ? refusal("NOT_OF_A_B_VALUE", "No b-value.") : undefined),
};
const together: Application = {
  ...common,
  id: "together",
  takes: "volumes",
  propose: () => [],
};

const ball = { kind: "ball", radiusMm: 5, count: 3 };
const wish: Wish = {
  application: "alone",
  plans: [first.digest],
  parameters: ball,
  priority: "urgent",
  language: "en",
};
const ask = (changes: Partial<Wish>) => askByHand([alone, together], { ...wish, ...changes }, study);

test("what is asked for by hand is the same job that the rule would request, but for its priority", () => {
  expect(ask({})).toEqual({ ...requestOf(alone, study, [first], ball), priority: "urgent" });
});

test("a default is written out, so that the same job has one id", () => {
  expect(ask({ parameters: { kind: "ball", radiusMm: 5 } })).toEqual(ask({}));
});

test("volumes keep their order", () => {
  const request = ask({ application: "together", plans: [second.digest, first.digest] });
  expect(request).toMatchObject({ plan: second.digest, otherPlans: [first.digest] });
});

const long = Array.from({ length: parametersBytesMax }, () => 0);
test.each([
  [
    "an application of another build",
    { application: "ghost" },
    "APPLICATION_UNKNOWN",
    "there are alone, together",
  ],
  ["a volume of another study", { plans: [nameOf("c")] }, "VOLUME_UNKNOWN", "none of this study"],
  [
    "a volume twice",
    { application: "together", plans: [first.digest, first.digest] },
    "VOLUME_UNKNOWN",
    "twice",
  ],
  ["no volume", { plans: [] }, "VOLUMES_WRONG", "one volume; 0"],
  ["two for one", { plans: [first.digest, second.digest] }, "VOLUMES_WRONG", "one volume; 2"],
  ["what the application refuses", { plans: [second.digest] }, "NOT_OF_A_B_VALUE", "No b-value."],
  ["a list without end", { parameters: long }, "PARAMETERS_TOO_LARGE", "at most 32768"],
] as const)("%s is refused with its reason", (_, changes, refused, reason) => {
  expect(ask(changes)).toMatchObject({ refused, reason: expect.stringContaining(reason) });
});

test.each([
  [{ kind: "ball", radiusMm: "5" }, "en", "radiusMm: Invalid input: expected number"],
  [{ kind: "ball", radiusMm: 500 }, "fr", "radiusMm: Trop grand"],
  [{ kind: "box", sidesMm: [1, "Doe"] }, "en", "sidesMm.1: "],
  [{ kind: "cone" }, "en", "kind: "],
  [{ ...ball, half: 3 }, "en", "half: Invalid input: 1, 2"],
  [{ ...ball, note: "for John Doe" }, "en", "note: there is no such parameter"],
  [{ ...ball, "John Doe": 1 }, "fr", "John?Doe: ce paramètre n'existe pas"],
] as const)("%j: what is wrong is said by name, and no value is repeated", (parameters, language, says) => {
  const refused = ask({ parameters, language });
  expect(refused).toMatchObject({ refused: "PARAMETERS_INVALID", reason: expect.stringContaining(says) });
  expect(JSON.stringify(refused)).not.toContain('Doe"');
  expect(JSON.stringify(refused)).not.toContain("John Doe");
});
