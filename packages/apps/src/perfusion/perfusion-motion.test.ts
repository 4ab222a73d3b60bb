/** A head that moves during the passage: what its brain takes up is known. */
import { isRefusal } from "@releve/domain/refusal";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ComputeContext, ComputeInput } from "../application.ts";
import { noAttributes, planOf } from "../known-volume.fixture.ts";
import { app } from "./app.ts";
import { still, type Motion } from "./head-motion.ts";
import { headGrid, headImage } from "./moving-head.fixture.ts";
import { defaultPerfusionParameters, type PerfusionParameters } from "./parameters.ts";
import { arteryAt, tissueCurve } from "./perfusion.fixture.ts";

let runner: GpuJsRunner;
beforeAll(async () => {
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

const times = Array.from({ length: 34 }, (_, second) => second);
const [well, ill] = [
  tissueCurve(times, { cbf: 60, mttSeconds: 4 }),
  tissueCurve(times, { cbf: 20, mttSeconds: 8 }),
];

/** Patches of 16 mm, in turn well and ill, and an artery of 12 mm. */
function brainAt(second: number) {
  return (x: number, y: number): number => {
    if (Math.hypot(x, y + 30) < 6) return 35 + arteryAt(second);
    const isWell = (Math.floor(x / 16) + Math.floor(y / 16)) % 2 === 0;
    return 35 + (isWell ? well : ill)[second]!;
  };
}

const moved: Motion = { alongRowMm: 7, alongColumnMm: -4, radians: 0.05 };
const inputsOf = (motionAt: (second: number) => Motion): readonly ComputeInput[] =>
  times.map((second) => ({
    plan: planOf(headGrid, { timeSeconds: second, split: { temporalPosition: second + 1 } }),
    volume: {
      geometry: headGrid,
      voxels: {
        kind: "real",
        values: headImage("CT", { motion: motionAt(second), brain: brainAt(second) }),
      },
    },
    attributes: noAttributes,
  }));
const moving = (motion: Motion) => inputsOf((second) => (second < 14 ? still : motion));

async function run(inputs: readonly ComputeInput[], changes: Partial<PerfusionParameters> = {}) {
  const { signal } = new AbortController();
  const parameters = { ...defaultPerfusionParameters, haematocritFactor: 1, densityGPerMl: 1, ...changes };
  const context = { inputs, parameters, runner, signal, onProgress: () => undefined };
  return app.compute(context as unknown as ComputeContext<PerfusionParameters>);
}

async function computed(inputs: readonly ComputeInput[], changes: Partial<PerfusionParameters> = {}) {
  const result = await run(inputs, changes);
  if (isRefusal(result)) throw new Error(`${result.refused}: ${result.reason}`);
  const cbf = result.outputs.find(({ key }) => key === "cbf")!;
  if (cbf.kind !== "parametric-map") throw new Error("no map");
  return { remarks: result.remarks.join(" "), cbf: cbf.images[0]!.values };
}

/** Mean difference to what a head at rest gives, mL/100 g/min, over the brain. */
function apart(one: Float32Array, other: Float32Array): number {
  const differences = Array.from(one, (value, at) => Math.abs(value - other[at]!)).filter(
    (value) => !Number.isNaN(value),
  );
  return differences.reduce((sum, value) => sum + value, 0) / differences.length;
}

test("a head that moves as the bolus passes gives the flow of one at rest, and what was done is said", async () => {
  const rest = await computed(inputsOf(() => still));
  const corrected = await computed(moving(moved));
  const left = await computed(moving(moved), { motion: "leave" });
  expect(rest.remarks).toContain("The head keeps still to 1 mm");
  expect(corrected.remarks).toMatch(/moves by up to 1\d\.\d mm at its edge \(image \d\d\): shift and turn/);
  expect(left.remarks).toContain("as asked, that is not corrected");
  expect(apart(left.cbf, rest.cbf)).toBeGreaterThan(10);
  expect(apart(corrected.cbf, rest.cbf)).toBeLessThan(0.25 * apart(left.cbf, rest.cbf));
});

test("a head that moves too far is refused with the image and the distance", async () => {
  const refused = await run(moving({ alongRowMm: 30, alongColumnMm: 0, radians: 0 }));
  expect(refused).toMatchObject({
    refused: "MOTION_TOO_LARGE",
    reason: expect.stringMatching(/^In image \d\d the head has moved by (29|30|31)\.\d mm/),
  });
});
