import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf } from "@releve/domain/ids";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { afterEach, beforeEach, expect, test } from "vitest";
import { intakeFailpoints, type IntakeFailpoint } from "./failpoint.ts";
import { arrivalOf, inChunks, temporaryIntake } from "./intake.fixture.ts";

const victim = fileURLToPath(new URL("failpoint.victim.ts", import.meta.url));
/** Before this one the object's entry is not on disk for certain; from it on, it is. */
const promisedFrom = intakeFailpoints.indexOf("entry-synced");

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "failpoint-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function storeAndDie(bytes: Uint8Array, dieAt: IntakeFailpoint) {
  const file = join(dir, "sent.dcm");
  writeFileSync(file, bytes);
  const ran = spawnSync(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    victim,
    dir,
    file,
    dieAt,
  ]);
  return { answer: ran.stdout.toString(), signal: ran.signal };
}

async function store(bytes: Uint8Array) {
  const { intake } = await temporaryIntake({ dir });
  const outcome = await intake.receive(arrivalOf(bytes, { chunks: inChunks(bytes, 65_536) }));
  await intake.close();
  return outcome.kind;
}

async function reopened() {
  const { intake } = await temporaryIntake({ dir });
  const digests: string[] = [];
  for await (const { entry } of intake.journal.readFrom()) digests.push(entry.digest);
  const objects: string[] = [];
  for (const folder of readdirSync(join(dir, "store/objects")))
    objects.push(...readdirSync(join(dir, "store/objects", folder)));
  // Reading checks each object against its name: a half object would be a fault here.
  for (const digest of objects) await intake.store.read(digest as Parameters<typeof intake.store.read>[0]);
  const leftovers = readdirSync(join(dir, "store/staging"));
  const found = [...(await intake.catalogue.current()).instances()].map((one) => one.entry.digest as string);
  await intake.close();
  return { digests, objects, leftovers, found };
}

const small = ctPhantom({ slices: 1, columns: 16, rows: 16 })[0]!.bytes;
const earlier = ctPhantom({ slices: 1, columns: 8, rows: 8, series: "earlier" })[0]!.bytes;
/** Outgrows memory, so that it lies in a file while it is received. */
const large = ctPhantom({ slices: 1, columns: 1600, rows: 1600, pixelSpacingMm: 0.1 })[0]!.bytes;

test.each(
  intakeFailpoints.flatMap((name) => [["small", name, small] as const, ["large", name, large] as const]),
)(
  "a %s object whose intake dies at %s is whole or absent, and sending it again works",
  async (_size, name, bytes) => {
    expect(await store(earlier)).toBe("stored");
    expect(storeAndDie(bytes, name)).toEqual({ signal: "SIGKILL", answer: "" });

    const found = await reopened();
    expect(found.digests).toHaveLength(
      intakeFailpoints.indexOf(name) >= promisedFrom ? 2 : found.digests.length,
    );
    expect(found.found).toEqual(found.digests);
    for (const digest of found.digests) expect(found.objects).toContain(digest);
    expect(found.leftovers).toEqual([]);

    expect(["stored", "same"]).toContain(await store(bytes));
    const mended = await reopened();
    expect(mended.digests).toHaveLength(2);
    expect(mended.digests).toContain(digestOf(bytes));
    expect(mended.objects.toSorted()).toEqual(mended.digests.toSorted());
  },
);
