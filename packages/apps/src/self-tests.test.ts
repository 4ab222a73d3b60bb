import { openGpuJsRunner } from "@releve/kernels/gpu-js-runner";
import { runSelfTests } from "@releve/kernels/self-test/self-test";
import { expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import { refusedApplications, selfTestsOf } from "./self-tests.ts";

test.each(["webasm", "cpu"] as const)("every application's kernels pass on %s", async (engine) => {
  const runner = await openGpuJsRunner({ engine, threads: 1 });
  const own = selfTestsOf(catalogue).slice(selfTestsOf([]).length);
  const results = await runSelfTests(runner, own);
  await runner.close();
  expect(results.length).toBeGreaterThan(0);
  expect(results.filter(({ ok }) => !ok)).toEqual([]);
});

test("a kernel that failed, or was left out, refuses the applications that compute with it and no other", () => {
  const all = selfTestsOf(catalogue).map(({ kernel }) => ({ kernel, ok: true }));
  expect([...refusedApplications(catalogue, all)]).toEqual([]);
  const failed = all.map((result) => (result.kernel === "project-min" ? { ...result, ok: false } : result));
  expect([...refusedApplications(catalogue, failed)]).toEqual([["slab", ["project-min"]]]);
  const withoutAdc = all.filter(({ kernel }) => kernel !== "adc");
  expect([...refusedApplications(catalogue, withoutAdc)]).toEqual([["adc", ["adc"]]]);
});

test("each kernel is tested once", () => {
  const names = selfTestsOf([...catalogue, ...catalogue]).map(({ kernel }) => kernel);
  expect(new Set(names).size).toBe(names.length);
});
