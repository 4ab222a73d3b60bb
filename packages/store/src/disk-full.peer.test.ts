/** A disk that really is full: a small tmpfs, which takes root and a kernel that mounts it; elsewhere it is skipped. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestOf } from "@releve/domain/ids";
import { afterAll, expect, test } from "vitest";
import { openIntakeJournal } from "./intake-journal.ts";
import { openObjectStore } from "./object-store.ts";

const dir = mkdtempSync(join(tmpdir(), "full-disk-"));
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", dir]).status === 0;
afterAll(() => {
  if (mounted) spawnSync("umount", [dir]);
  rmSync(dir, { recursive: true, force: true });
});

const entry = (name: string) => ({
  kind: "stored" as const,
  studyInstanceUid: "1",
  seriesInstanceUid: "1",
  sopInstanceUid: name,
  sopClassUid: "1",
  transferSyntaxUid: "1",
  digest: digestOf(name),
  bytes: 1,
  dataSetDigest: digestOf(name),
  attributesDigest: digestOf(name),
  atMs: 0,
  door: "stow" as const,
});

test.skipIf(!mounted)(
  "a full disk refuses, leaves nothing half, and takes again once there is room",
  async () => {
    const store = await openObjectStore({ dir: join(dir, "store"), minFreeBytes: 0 });
    const journal = await openIntakeJournal({ dir: join(dir, "journal") });
    await journal.append(entry("first"));
    const filler = join(dir, "filler");
    const limit = { maxBytes: 64 * 1024 * 1024 };
    const full = { code: "STORE_FULL", retry: "later" };

    for (const bytes of [Buffer.alloc(2 * 1024 * 1024, 1), Buffer.alloc(6 * 1024 * 1024, 2)]) {
      writeFileSync(filler, Buffer.alloc(7 * 1024 * 1024));
      await expect(store.put(bytes, limit)).rejects.toMatchObject(full);
      expect(await store.has(digestOf(bytes))).toBe(false);
      expect(readdirSync(join(dir, "store/staging"))).toEqual([]);
      rmSync(filler);
      await store.put(bytes, limit);
      await store.remove(digestOf(bytes));
    }

    spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4k"]); // to the last block
    const appends = Array.from({ length: 2000 }, (_, index) => journal.append(entry(`${index}`)));
    const refused = (await Promise.allSettled(appends)).filter((one) => one.status === "rejected");
    expect(refused.length).toBeGreaterThan(0);
    for (const one of refused) expect(one.reason).toMatchObject(full);
    rmSync(filler);
    await journal.append(entry("last"));
    await journal.close();

    const again = await openIntakeJournal({ dir: join(dir, "journal") });
    const names: string[] = [];
    for await (const record of again.readFrom()) names.push(record.entry.sopInstanceUid);
    expect(again.cut).toBeUndefined();
    expect(names).toHaveLength(2002 - refused.length);
    expect([names[0], names.at(-1)]).toEqual(["first", "last"]);
    await again.close();
  },
);
