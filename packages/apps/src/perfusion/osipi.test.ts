/** Curves of OSIPI's DSC collection with known flow and volume, at a contrast-to-noise ratio of 200. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openGpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { expect, test } from "vitest";
import { deconvolve } from "./deconvolve.ts";
import { defaultPerfusionParameters } from "./parameters.ts";
import { timeAxis } from "./time-axis.ts";

const folder = sharedData("perfusion-curves-osipi");

test.skipIf(!folder)("volume and flow within OSIPI's tolerances", async () => {
  const [, ...lines] = readFileSync(join(folder!, "dsc_data.csv"), "utf8").trim().split("\n");
  const rows = lines.map((line) => line.split(",").map((cell) => cell.trim().split(/\s+/).map(Number)));
  const [, , aif, , , [stepSeconds]] = rows[0]! as [
    number[],
    number[],
    number[],
    number[],
    number[],
    [number],
  ];
  const tissues = rows.map(([, tissue]) => tissue!);
  const steps = aif.map((_, step) => Float32Array.from(tissues, (tissue) => tissue[step]!));
  const runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
  const found = await deconvolve(
    {
      axis: timeAxis(aif.map((_, step) => step * stepSeconds)),
      baseline: { first: 0, last: 0 },
      voxels: Int32Array.from(tissues.keys()),
      motions: { applied: [], mostMm: 0, image: 1 },
      steps,
    },
    aif,
    { ...defaultPerfusionParameters, haematocritFactor: 1, densityGPerMl: 1 },
    { runner, signal: new AbortController().signal, onProgress: () => undefined },
  );
  await runner.close();
  expect(rows).toHaveLength(14);
  for (const [index, row] of rows.entries()) {
    const [cbv, cbf] = [row[3]![0]!, row[4]![0]!];
    expect(Math.abs(found.cbv[index]! - cbv)).toBeLessThan(1 + 0.1 * cbv);
    expect(Math.abs(found.cbf[index]! - cbf)).toBeLessThan(15 + 0.1 * cbf);
  }
});
