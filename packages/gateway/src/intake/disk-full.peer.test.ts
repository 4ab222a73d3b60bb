/** The whole intake on a disk that really is full: a small tmpfs, which takes root and a kernel that mounts it; elsewhere skipped. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { afterAll, expect, test } from "vitest";
import { arrivalOf, temporaryIntake } from "./intake.fixture.ts";

const dir = mkdtempSync(join(tmpdir(), "full-intake-"));
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=24m", "tmpfs", dir]).status === 0;
afterAll(() => {
  if (mounted) spawnSync("umount", [dir]);
  rmSync(dir, { recursive: true, force: true });
});

const objects = ctPhantom({ slices: 5, columns: 256, rows: 256 }).map(({ bytes }) => bytes);
const filler = join(dir, "filler");

test.skipIf(!mounted)(
  "a full disk is told to the sender, keeps nothing half, and is forgotten once there is room",
  async () => {
    const { intake } = await temporaryIntake({ dir: join(dir, "data") });
    expect((await intake.receive(arrivalOf(objects[0]!))).kind).toBe("stored");

    spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"]);
    const refused = await Promise.all(objects.slice(1, 5).map((bytes) => intake.receive(arrivalOf(bytes))));
    for (const outcome of refused)
      expect(outcome).toMatchObject({ kind: "refused", code: "OUT_OF_RESOURCES" });
    expect(readdirSync(join(dir, "data/store/staging"))).toEqual([]);

    rmSync(filler);
    const kept = await Promise.all(objects.slice(1, 5).map((bytes) => intake.receive(arrivalOf(bytes))));
    expect(kept.map((outcome) => outcome.kind)).toEqual(["stored", "stored", "stored", "stored"]);

    await intake.close(); // whatever had Success is in the journal and found by a query

    const again = await temporaryIntake({ dir: join(dir, "data") });
    const entries: string[] = [];
    for await (const { entry } of again.intake.journal.readFrom()) entries.push(entry.digest);
    expect(entries).toHaveLength(5);
    const found = [...(await again.intake.catalogue.current()).instances()].map((one) => one.entry.digest);
    expect(found).toEqual(entries);
    await again.intake.close();
  },
);
