import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { allSentences, inFrench } from "./french-sentences.ts";
import { sentencesInSource } from "./sentences-in-source.fixture.ts";

const packages = fileURLToPath(new URL("../../../", import.meta.url));

/** Where what is said there reaches the console: as a refusal, a reason, a finding or a remark. */
const sources = [
  "apps/src/**/*.ts",
  "dicom/src/series/*.ts",
  "dicom/src/volume/*.ts",
  "ledger/src/deciders/{job,delivery,node}.ts",
  "ledger/src/dispatch/admission.ts",
  "recon/src/*.ts",
  "gateway/src/rule/*.ts",
  "api/src/requests/*.ts",
];
const files = sources
  .flatMap((pattern) => globSync(packages + pattern))
  .filter((file) => !/\.(test|fixture|contract)\.ts$|generate-catalogue\.ts$|french/.test(file));

test("every sentence that can reach the console has a French one", () => {
  expect(files.length).toBeGreaterThan(150);
  const said = files.flatMap((file) => sentencesInSource(file).map((sentence) => ({ file, sentence })));
  expect(said.length).toBeGreaterThan(150);
  expect(
    said.filter(({ sentence }) => !Object.hasOwn(allSentences, sentence) && !forNobody.has(sentence)),
  ).toEqual([]);
});

/** Faults are thrown: their sentences are found by the constructors that take them. */
const faultPattern = /(?:F|f)ault\(\s*(?:"[\w-]+",\s*)?(?:"([a-z][^"]* [^"]*)"|`([a-z][^`]*)`)/g;

test("why a delivery failed, and its receipt, have French sentences", () => {
  const faults = [
    ...globSync(`${packages}gateway/src/delivery/*.ts`),
    ...globSync(`${packages}dicom/src/dimse/*.ts`),
  ]
    .filter((file) => !/\.(test|fixture)\.ts$/.test(file))
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(faultPattern)])
    .map(([, plain, template]) => plain ?? template!.replaceAll(/\$\{[^}]*\}/g, "{}"));
  expect(faults.length).toBeGreaterThan(20);
  expect(faults.filter((sentence) => !Object.hasOwn(allSentences, sentence))).toEqual([]);
  expect(inFrench("C-STORE Success for 60 of 60 objects")).toBe("C-STORE réussi pour 60 objets sur 60");
});

/** Written where no person at the console reads it. */
const forNobody = new Set([
  "Jobs that hold what this version cannot read are left to other nodes: {}.",
  // A series' own description.
  "PET/CT fusion, {}, pixels of {}{}. {}",
]);

test("a French sentence holds what the English one holds, and nothing else", () => {
  const wrong = Object.entries(allSentences).filter(([english, french]) => {
    const places = [...french.matchAll(/\{(\d+)\}/g)]
      .map(([, place]) => Number(place))
      .toSorted((a, b) => a - b);
    const held = english.split("{}").length - 1;
    return places.join() !== Array.from({ length: held }, (_, index) => index + 1).join();
  });
  expect(wrong).toEqual([]);
});

test.each([
  ["The slices lie 1 to 3.5 mm apart.", "Les coupes sont distantes de 1 à 3,5 mm."],
  [
    "An SUV needs Patient's Weight; the images do not say it.",
    "Un SUV a besoin du poids du patient ; les images ne l'indiquent pas.",
  ],
  [
    "120 jobs wait for 4 slots: a slot is free in about 3 min.",
    "120 tâches attendent 4 places : une place se libère dans environ 3 min.",
  ],
  ["Uptake 3", "Fixation 3"],
])("%s", (english, french) => expect(inFrench(english)).toBe(french));
