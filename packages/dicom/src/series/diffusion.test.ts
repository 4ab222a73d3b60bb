import { mrPhantom, type MrVolume } from "@releve/testkit/phantom/mr-phantom";
import { expect, test } from "vitest";
import { split } from "./series.fixture.ts";

const none: MrVolume = {};

test.each<[string, MrVolume, Record<string, unknown>]>([
  [
    "Siemens",
    {
      privates: [
        ["00190010", "LO", "SIEMENS MR HEADER"],
        ["0019100C", "IS", 1000],
        ["0019100E", "FD", 0.6, 0, -0.8],
      ],
    },
    { bValue: 1000 },
  ],
  [
    "GE",
    {
      privates: [
        ["00430010", "LO", "GEMS_PARM_01"],
        ["00431039", "IS", 800, 8, 0, 0],
      ],
    },
    { bValue: 800 },
  ],
  [
    "GE with its offset",
    {
      privates: [
        ["00430010", "LO", "GEMS_PARM_01"],
        ["00431039", "IS", 1_000_001_000, 8, 0, 0],
      ],
    },
    { bValue: 1000 },
  ],
  [
    "Philips",
    {
      privates: [
        ["20010010", "LO", "Philips Imaging DD 001"],
        ["20011003", "FL", 600],
      ],
    },
    { bValue: 600 },
  ],
  ["the standard", { attributes: { DiffusionBValue: 50 } }, { bValue: 50 }],
])("a b-value as %s writes it divides a series", (_, volume, expected) => {
  const plans = split(mrPhantom({ volumes: [none, volume] })).volumes;
  expect(plans.map((plan) => plan.split)).toEqual([{}, expected]);
});

const directed = (x: number, y: number, z: number): MrVolume => ({
  privates: [
    ["00190010", "LO", "SIEMENS MR HEADER"],
    ["0019100C", "IS", 1000],
    ["0019100E", "FD", x, y, z],
  ],
});

test("directions divide what has one b-value", () => {
  const plans = split(mrPhantom({ volumes: [directed(1, 0, 0), directed(0, 1, 0)] })).volumes;
  expect(plans.map((plan) => plan.split)).toEqual([
    { gradient: "0.00000\\1.00000\\0.00000", direction: 1 },
    { gradient: "1.00000\\0.00000\\0.00000", direction: 2 },
  ]);
});
