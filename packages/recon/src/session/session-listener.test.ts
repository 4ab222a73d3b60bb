import { randomUUID } from "node:crypto";
import { openKernelRunner } from "@releve/kernels/open-kernel-runner";
import { defaultRamp, rampHu, rampSeries } from "@releve/testkit/phantom/ramp-series";
import { pixelToLps } from "@releve/wire/session/viewport-plane";
import type { Annotation } from "@releve/wire/session/view-state";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { NamedRunner } from "./hosted-session.ts";
import { attachPage, sessionNode, storedVolume, type Shown } from "./session-case.fixture.ts";

let runner: NamedRunner;
beforeAll(async () => {
  runner = await openKernelRunner({ engine: "webasm", threads: 1 });
});
afterAll(() => runner.close());

const stored = storedVolume(rampSeries());
const { readObject } = stored;
const plan = stored.plan as string;
const aNode = (node = "n1") => sessionNode({ node, runner, readObject });
const anAttach = () => ({
  session: randomUUID(),
  epoch: 1,
  page: randomUUID(),
  plan,
  standby: null,
  view: null,
});
const size = { width: 64, height: 48 };
const waits = { timeout: 10_000 };

const greys = async ({ picture }: Shown) =>
  sharp(picture).toColourspace("b-w").raw().toBuffer({ resolveWithObject: true });

test("at rest each grey level is the window of the formula's value at its place in the patient", async () => {
  const node = await aNode();
  const page = attachPage(node.url, anAttach());
  await page.opened();
  const window = { centre: 95, width: 40 };
  const sequence = page.input({ type: "window", window });
  page.input({ type: "rotate", viewport: "axial", rightRadians: 0.4, downRadians: 0 });
  page.send({ type: "size", viewport: "coronal", size });
  const shown = await page.frame(({ header }) => header.quality === "rest" && header.sequence > sequence);
  expect(shown.header).toMatchObject({
    encoding: "png-lossless",
    bitDepth: 8,
    window,
    epoch: 1,
    viewport: "coronal",
  });
  const { data, info } = await greys(shown);
  expect([info.width, info.height]).toEqual([size.width, size.height]);
  let inside = 0;
  for (const [at, level] of data.entries()) {
    const point = pixelToLps(shown.header.plane, at % info.width, Math.floor(at / info.width));
    const wanted = 255 * ((rampHu(defaultRamp, point) - window.centre) / window.width + 0.5);
    if (level === 0 || level === 255) continue;
    inside += 1;
    // Half a level of rounding, and what the phantom's own rounding leaves.
    expect(Math.abs(level - wanted)).toBeLessThan(0.5 + (0.03 / window.width) * 255 + 1e-3);
  }
  expect(inside).toBeGreaterThan(200);
  expect(node.faults).toEqual([]);
});

test("the probe and a circle say the formula's value with its unit; outside there is none", async () => {
  const node = await aNode();
  const page = attachPage(node.url, anAttach());
  const { geometry, view } = await page.opened();
  const [x, y, z] = view.crosshairLps;
  page.send({ type: "probe", id: 1, pointLps: [x + 1, y - 2, z + 1.5] });
  page.send({ type: "probe", id: 2, pointLps: [x + 500, y, z] });
  await vi.waitUntil(() => page.heard("probed").length === 2, waits);
  const [inside, outside] = page.heard("probed").toSorted((a, b) => a.id - b.id);
  expect(inside).toMatchObject({ unit: "HU" });
  expect(Math.abs(inside!.value! - rampHu(defaultRamp, [x + 1, y - 2, z + 1.5]))).toBeLessThan(0.03);
  expect(outside!.value).toBeNull();
  const circle: Annotation = {
    id: randomUUID(),
    viewport: "axial",
    kind: "circle",
    pointsLps: [view.crosshairLps, [x + 4, y, z]],
    normalLps: [0, 0, 1],
  };
  page.input({ type: "annotate", annotation: circle });
  const [found] = await vi.waitUntil(
    () => (page.heard("statistics").length > 0 ? page.heard("statistics") : undefined),
    waits,
  );
  // Of a linear field over a disk: the mean is the middle's, the deviation half the radius times the gradient.
  expect(found!.mean).toBeCloseTo(rampHu(defaultRamp, view.crosshairLps), 1);
  expect(found!.deviation).toBeCloseTo((4 * Math.hypot(defaultRamp.a, defaultRamp.b)) / 2, 1);
  expect(geometry.slices).toBe(12);
});

test("a page that does not paint is owed two frames of a viewport, and another page is not held up", async () => {
  const node = await aNode();
  const attach = anAttach();
  const lazy = attachPage(node.url, attach, false);
  await lazy.opened();
  lazy.send({ type: "size", viewport: "axial", size });
  await lazy.frame(() => true);
  const other = attachPage(node.url, { ...attach, page: randomUUID() });
  await other.opened();
  other.send({ type: "size", viewport: "axial", size });
  let last = 0;
  for (let step = 0; step < 30; step++) last = other.input({ type: "scroll", viewport: "axial", mm: 0.1 });
  await other.frame(({ header }) => header.sequence === last && header.quality === "rest");
  expect(lazy.frames.length).toBe(2);
  expect(lazy.heard("view").at(-1)?.view).toEqual(other.heard("view").at(-1)?.view);
});

test("what settles is told to the ledger once, and what the ledger has is told to the page", async () => {
  const node = await aNode();
  const attach = anAttach();
  const page = attachPage(node.url, attach);
  await page.opened();
  const sequence = page.input({ type: "slab", slab: { mode: "min", thicknessMm: 12 } });
  const [checkpoint] = await vi.waitUntil(
    () => (page.heard("checkpoint").length > 0 ? page.heard("checkpoint") : undefined),
    waits,
  );
  expect(checkpoint!.view.slab).toEqual({ mode: "min", thicknessMm: 12 });
  page.send({ type: "recorded", applied: checkpoint!.view.applied });
  await vi.waitUntil(() => page.heard("kept").some((kept) => kept.sequence === sequence), waits);
  expect(page.heard("kept").at(-1)).toEqual({ type: "kept", sequence, by: "ledger" });
});

const aLength: Annotation = {
  id: randomUUID(),
  viewport: "axial",
  kind: "length",
  pointsLps: [
    [0, 0, 0],
    [3, 4, 0],
  ],
};

test("the standby shows the same picture with the last annotation, and the old host is fenced", async () => {
  const [first, second] = [await aNode("n1"), await aNode("n2")];
  const attach = { ...anAttach(), standby: { node: second.node, site: second.site, url: second.url } };
  const page = attachPage(first.url, attach);
  await page.opened();
  page.send({ type: "size", viewport: "axial", size });
  page.input({ type: "scroll", viewport: "axial", mm: 3 });
  const sequence = page.input({ type: "annotate", annotation: aLength });
  await vi.waitUntil(
    () => page.heard("kept").some((kept) => kept.by === "standby" && kept.sequence === sequence),
    waits,
  );
  const before = await page.frame(({ header }) => header.quality === "rest" && header.sequence === sequence);

  // Under the same epoch the standby does not show it; under the next one it does, although the first host still lives.
  const early = attachPage(second.url, { ...attach, standby: null });
  await vi.waitUntil(() => early.heard("refused").length > 0, waits);
  expect(early.heard("refused")[0]).toMatchObject({ code: "NOT_THE_HOST" });
  const again = attachPage(second.url, { ...attach, epoch: 2, standby: null });
  const opened = await again.opened();
  expect(opened).toMatchObject({ epoch: 2, host: { node: "n2" } });
  expect(opened.view.annotations).toEqual([aLength]);
  again.send({ type: "size", viewport: "axial", size });
  const after = await again.frame(({ header }) => header.quality === "rest");
  expect(after.header.epoch).toBe(2);
  expect(after.header.plane).toEqual(before.header.plane);
  expect((await greys(after)).data).toEqual((await greys(before)).data);

  page.input({ type: "scroll", viewport: "axial", mm: 3 });
  await vi.waitUntil(() => page.heard("refused").length > 0, waits);
  expect(page.heard("refused")[0]).toMatchObject({ code: "STALE_EPOCH" });
  const stale = attachPage(second.url, attach);
  await vi.waitUntil(() => stale.heard("refused").length > 0, waits);
  expect(stale.heard("refused")[0]).toMatchObject({ code: "STALE_EPOCH" });
});

test("a standby that holds less than the ledger goes on from the ledger's", async () => {
  const node = await aNode();
  const attach = anAttach();
  const page = attachPage(node.url, attach);
  const { view } = await page.opened();
  const later = { ...view, inputs: 7, slab: { mode: "mean", thicknessMm: 30 } } as const;
  const again = attachPage(node.url, { ...attach, epoch: 2, view: later });
  expect((await again.opened()).view).toEqual(later);
  await vi.waitUntil(() => page.heard("refused").length > 0, waits);
});

test("more sessions or more bytes than a node has are refused with a reason", async () => {
  const crowded = await sessionNode({ node: "n1", runner, readObject, sessionsMost: 1 });
  await attachPage(crowded.url, anAttach()).opened();
  const second = attachPage(crowded.url, anAttach());
  await vi.waitUntil(() => second.heard("refused").length > 0, waits);
  expect(second.heard("refused")[0]).toMatchObject({ code: "NODE_FULL" });
  const small = await sessionNode({ node: "n2", runner, readObject, budgetBytes: 100 });
  const third = attachPage(small.url, anAttach());
  await vi.waitUntil(() => third.heard("refused").length > 0, waits);
  expect(third.heard("refused")[0]).toMatchObject({ code: "NODE_FULL" });
  expect(small.held.at(-1)).toBe(0);
});

test.each([
  ["no greeting", "{}"],
  ["an input with no number", JSON.stringify({ type: "input", input: { type: "undo" } })],
])("a link that says %s is closed, and the others go on", async (_, text) => {
  const node = await aNode();
  const page = attachPage(node.url, anAttach());
  await page.opened();
  const bad = attachPage(node.url, anAttach());
  await bad.opened();
  bad.socket.send(text);
  await vi.waitUntil(() => bad.closed() !== undefined, waits);
  expect(bad.closed()).toBe(1008);
  page.send({ type: "size", viewport: "volume", size });
  await page.frame(({ header }) => header.viewport === "volume");
});
