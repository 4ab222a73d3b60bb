/** Takes root and a loop device; elsewhere it is skipped. */
import { mkdtemp, readFile, rm, writeFile, open, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { whyNot } from "../machine-needs.ts";
import { openSiteImage } from "./site-image.ts";

const missing = whyNot(["root", "loop"]);

async function image() {
  const dir = await mkdtemp(join(tmpdir(), "releve-image-"));
  const mounted = join(dir, "site");
  const opened = await openSiteImage(dir, "site-x", mounted);
  onTestFinished(async () => {
    await opened.close();
    await rm(dir, { recursive: true, force: true });
  });
  return { ...opened, mounted };
}

test.skipIf(missing !== undefined)(
  "a power cut keeps what was synced and loses what was only written",
  async () => {
    const { mounted, cutPower } = await image();
    const synced = await open(join(mounted, "synced"), "w");
    await synced.writeFile("kept");
    await synced.sync();
    await synced.close();
    const folder = await open(mounted);
    await folder.sync();
    await folder.close();
    await writeFile(join(mounted, "only-written"), "lost");
    await cutPower();
    expect(await readFile(join(mounted, "synced"), "utf8")).toBe("kept");
    expect(await readdir(mounted)).not.toContain("only-written");
  },
);

test.skipIf(missing !== undefined)(
  "a full disk takes nothing, and takes again when there is room",
  async () => {
    const { mounted, fill, makeRoom } = await image();
    await fill();
    const write = () => writeFile(join(mounted, "more"), Buffer.alloc(8192));
    await expect(write()).rejects.toMatchObject({ code: "ENOSPC" });
    await makeRoom();
    await write();
  },
);
