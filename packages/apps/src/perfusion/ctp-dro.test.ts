/** The digital CT perfusion object: 20 blocks of known flow and transit in two slices, the second 2 s late. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRefusal } from "@releve/domain/refusal";
import { openGpuJsRunner, type GpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { sharedData } from "@releve/testkit/shared-data";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ComputeContext, ComputeInput } from "../application.ts";
import { folderInputs } from "../folder-inputs.fixture.ts";
import { app } from "./app.ts";
import type { PerfusionParameters } from "./parameters.ts";

const dro = sharedData("synthetic-truth/ctp-dro");

type Truth = {
  readonly aif_rows_cols: readonly [number, number, number, number];
  readonly block_rows: number;
  readonly block_cols: number;
  readonly cbf_by_col: readonly number[];
  readonly mtt_by_row_s: readonly number[];
  readonly delay_by_slice_s: readonly number[];
  readonly cbv_by_row_col: readonly (readonly number[])[];
};

let runner: GpuJsRunner;
let inputs: readonly ComputeInput[];
let truth: Truth;
beforeAll(async () => {
  if (!dro) return;
  runner = await openGpuJsRunner({ engine: "webasm", threads: 1 });
  inputs = await folderInputs(dro);
  truth = JSON.parse(readFileSync(join(dro, "truth.json"), "utf8")) as Truth;
});
afterAll(() => runner?.close());

async function computed(change: Partial<PerfusionParameters> = {}) {
  const [proposal] = app.propose(inputs.map(({ plan }) => plan));
  if (!proposal || "refused" in proposal) throw new Error("not proposed");
  const parameters = { ...proposal.parameters, haematocritFactor: 1, densityGPerMl: 1, ...change };
  const context = {
    inputs,
    parameters,
    runner,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  const result = await app.compute(context as unknown as ComputeContext<PerfusionParameters>);
  if (isRefusal(result)) throw new Error(`${result.refused}: ${result.reason}`);
  return result;
}

type Result = Awaited<ReturnType<typeof computed>>;

/** Mean over the inner part of each block, with what it should be. */
function blocks({ outputs }: Result) {
  const mean = (key: string, slice: number, blockRow: number, blockColumn: number) => {
    const output = outputs.find((each) => each.key === key)!;
    if (output.kind !== "parametric-map") throw new Error(`${key} has no images`);
    const { values, geometry } = output.images[slice]!;
    let sum = 0;
    for (let row = 2; row < truth.block_rows - 2; row++)
      for (let column = 2; column < truth.block_cols - 2; column++)
        sum +=
          values[
            (blockRow * truth.block_rows + row) * geometry.columns + blockColumn * truth.block_cols + column
          ]!;
    return sum / ((truth.block_rows - 4) * (truth.block_cols - 4));
  };
  return truth.mtt_by_row_s.flatMap((mtt, row) =>
    truth.cbf_by_col.map((cbf, column) => ({
      cbf,
      cbv: truth.cbv_by_row_col[row]![column]!,
      mtt,
      slices: truth.delay_by_slice_s.map((delay, slice) => ({
        delay,
        cbf: mean("cbf", slice, row, column),
        cbv: mean("cbv", slice, row, column),
        mtt: mean("mtt", slice, row, column),
        tmax: mean("tmax", slice, row, column),
      })),
    })),
  );
}

test.skipIf(!dro)("flow, volume, transit and delay of every block, with the artery found", async () => {
  const result = await computed();
  const table = biasTable(blocks(result), blocks(await computed({ truncationCorrection: false })));
  process.stdout.write(`CBF, error in %\n${table.join("\n")}\n`);
  expect(tableOfReadme()).toEqual(table);
  for (const { cbf, cbv, mtt, slices } of blocks(result)) {
    for (const slice of slices) {
      expect(Math.abs(slice.cbv / cbv - 1)).toBeLessThan(0.05);
      expect(Math.abs(slice.cbf / cbf - 1)).toBeLessThan(0.1);
      expect(Math.abs(slice.mtt - mtt)).toBeLessThan(0.7);
      expect(Math.abs(slice.tmax - slice.delay)).toBeLessThan(0.3);
    }
    expect(Math.abs(slices[0]!.cbf / slices[1]!.cbf - 1)).toBeLessThanOrEqual(0.05);
  }
  const artery = result.outputs.find((output) => output.kind === "segmentation")!.segments[0]!;
  expect(artery.label).toBe("Arterial input function");
  const [top, bottom, left, right] = truth.aif_rows_cols;
  for (const [index, inside] of artery.masks.flatMap((mask) => [...(mask ?? []).entries()])) {
    const [column, row] = [index % 80, Math.floor(index / 80)];
    if (inside) expect(row >= top && row < bottom && column >= left && column < right).toBe(true);
  }
});

type Blocks = ReturnType<typeof blocks>;

/** Per transit time: what README.md says of each flow, with the correction in both slices and without it in the first. */
function biasTable(corrected: Blocks, classical: Blocks): readonly string[] {
  const percent = (found: number, truth: number) =>
    (100 * (found / truth - 1)).toFixed(1).replace("-0.0", "0.0");
  const rows = Map.groupBy(corrected.keys(), (index) => corrected[index]!.mtt);
  return [...rows].map(([mtt, indices]) => {
    const cells = indices.map((index) => {
      const { cbf, slices } = corrected[index]!;
      const errors = slices.map((slice) => percent(slice.cbf, cbf)).join(", ");
      return `${errors} (${percent(classical[index]!.slices[0]!.cbf, cbf)})`;
    });
    return [`${mtt} s`, ...cells].join(" | ");
  });
}

function tableOfReadme(): readonly string[] {
  const text = readFileSync(new URL("README.md", import.meta.url), "utf8");
  const rows = text.split("\n").filter((line) => /^\| [\d.]+ s /.test(line));
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim())
      .join(" | "),
  );
}
