import { digestOf, type Digest } from "@releve/domain/ids";
import { encodeVolumePlan, type VolumePlan } from "@releve/domain/series-split";
import { fakeClock } from "@releve/testkit/fake-clock";
import { expect, test } from "vitest";
import { requestOf } from "./node-loop.fixture.ts";
import { preStageBytesMax, preStageBytesPerS, preStageInputs } from "./pre-stage.ts";

const slices = ["first", "second", "second", "third"].map((name, frameIndex) => ({
  digest: digestOf(name),
  sopInstanceUid: "1.2",
  sopClassUid: "1.2",
  frameIndex,
}));
const plan = encodeVolumePlan({
  studyInstanceUid: "1",
  seriesInstanceUid: "1.2",
  modality: "CT",
  sopClassUid: "1.2",
  split: {},
  imageType: [],
  geometry: {
    columns: 1,
    rows: 1,
    slices: 4,
    originLps: [0, 0, 0],
    columnStepLps: [1, 0, 0],
    rowStepLps: [0, 1, 0],
    sliceStepLps: [0, 0, 1],
  },
  regular: true,
  slices,
  findings: [],
} satisfies VolumePlan);

/** A store that holds some objects, and another site that holds the rest, each a second of the allowed rate long. */
function site(held: readonly string[], freeBytes = 1_000) {
  const clock = fakeClock();
  const here = new Set<string>(held.map((name) => digestOf(name)));
  const fetched: { readonly digest: Digest; readonly atMs: number }[] = [];
  const startMs = clock.nowMs();
  const readObject = async (digest: Digest) => {
    if (digest === digestOf(plan)) return plan;
    if (!here.has(digest)) fetched.push({ digest, atMs: clock.nowMs() - startMs });
    here.add(digest);
    return new Uint8Array(preStageBytesPerS);
  };
  const store = {
    has: async (digest: Digest) => here.has(digest),
    freeBytes: async () => freeBytes,
  };
  return { clock, fetched, deps: { store, readObject, clock, spareBytes: 1_000 } };
}

const job = requestOf(1, { plan: digestOf(plan) });
const running = new AbortController().signal;

test("what is missing is fetched once each, one after the other, at the allowed rate", async () => {
  const { clock, fetched, deps } = site(["first"]);
  const done = preStageInputs(deps, job, running);
  await clock.advance(5_000);
  await done;
  expect(fetched).toEqual([
    { digest: digestOf("second"), atMs: 0 },
    { digest: digestOf("third"), atMs: 1_000 },
  ]);
});

test("work that comes stops it after the object in its hands", async () => {
  const { clock, fetched, deps } = site([]);
  const stopping = new AbortController();
  const done = preStageInputs(deps, job, stopping.signal);
  await clock.advance(500);
  stopping.abort();
  await done;
  expect(fetched).toHaveLength(1);
});

test("a large job, and a disk that gets full, are not fetched for", async () => {
  const full = site([], 999);
  await preStageInputs(full.deps, job, running);
  const large = site([]);
  await preStageInputs(large.deps, { ...job, inputBytes: preStageBytesMax + 1 }, running);
  expect([...full.fetched, ...large.fetched]).toEqual([]);
});
