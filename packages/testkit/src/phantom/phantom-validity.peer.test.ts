/** dciodvfy, which shares no code with us, judges one object of each kind that the demo shows. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ctPhantom } from "./ct-phantom.ts";
import { diffusionVolumes, echoVolumes, mrPhantom, timeVolumes } from "./mr-phantom.ts";
import { localizer, secondaryCapture } from "./other-images.ts";
import type { PhantomFile } from "./part10.ts";
import { rampSeries } from "./ramp-series.ts";

const folder = mkdtempSync(join(tmpdir(), "releve-phantom-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, PhantomFile[]]>([
  ["CT", ctPhantom({ slices: 2, noiseHu: 5 })],
  ["CT of a tilted gantry", ctPhantom({ slices: 2, tiltDegrees: 18.5 })],
  ["ramp", rampSeries()],
  ["MR", mrPhantom()],
  ["diffusion MR", mrPhantom({ volumes: diffusionVolumes([0, 1000], [[1, 0, 0]]) })],
  ["MR in time", mrPhantom({ volumes: timeVolumes(2, 1) })],
  ["MR of two echoes", mrPhantom({ volumes: echoVolumes([5, 15]) })],
  ["localizer", localizer("one")],
  ["secondary capture", secondaryCapture("one")],
])("%s passes dciodvfy without an error", (_, files) => {
  const path = join(folder, "object.dcm");
  writeFileSync(path, files.at(-1)!.bytes);
  const { stderr, error } = spawnSync("dciodvfy", [path], { encoding: "utf8" });
  expect(error).toBeUndefined();
  expect(stderr.split("\n").filter((line) => line.startsWith("Error"))).toEqual([]);
});
