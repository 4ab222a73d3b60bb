/**
 * One site's disk as a file: an ext4 image, loop-mounted where the site's data lies. It can be full, and its power can be cut:
 * what had not reached the image when the processes were killed is gone, as the page cache of a machine is.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, rename, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DrillFault } from "../faults.ts";

export type SiteImage = {
  readonly site: string;
  /** Not a byte is left, for anybody. */
  readonly fill: () => Promise<void>;
  readonly makeRoom: () => Promise<void>;
  /** Every process of the site must be dead. From then on the disk holds what the image held at this moment. */
  readonly cutPower: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A role takes nothing below 512 MiB of free disk. Sparse: only what is written occupies anything. */
const imageBytes = 1536 * 1024 ** 2;

/** @param dir where the image lies. @throws DrillFault TOOL_FAILED. */
export async function openSiteImage(dir: string, site: string, mountPoint: string): Promise<SiteImage> {
  const image = join(dir, `${site}.img`);
  const filler = join(mountPoint, "filler");
  await mkdir(mountPoint, { recursive: true });
  const file = await open(image, "w");
  await file.truncate(imageBytes);
  await file.close();
  await tool("mkfs.ext4", ["-q", "-F", "-m", "0", image]);
  await tool("mount", ["-o", "loop", image, mountPoint]);
  return {
    site,
    fill: () => fill(filler),
    makeRoom: async () => {
      for (const path of [filler, `${filler}.rest`]) await rm(path, { force: true });
    },
    cutPower: async () => {
      await tool("cp", ["--sparse=always", image, `${image}.cut`]);
      await tool("umount", [mountPoint]);
      await rename(`${image}.cut`, image);
      await tool("mount", ["-o", "loop", image, mountPoint]);
    },
    close: async () => {
      await tool("umount", [mountPoint]);
      await rm(image);
    },
  };
}

const chunkBytes = [64 * 1024, 4096];
const writtenBytes = 16 * 1024 ** 2;

/** Most of it is reserved, which is quick; the rest is written, down to the last block. */
async function fill(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  await tool("fallocate", ["-l", String(Math.max(1, bavail * bsize - writtenBytes)), path]);
  const rest = await open(`${path}.rest`, "w");
  try {
    for (const bytes of chunkBytes) await writeUntilFull(rest, Buffer.alloc(bytes));
  } finally {
    await rest.close();
  }
}

async function writeUntilFull(file: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  try {
    for (let written = 0; written < 2 * writtenBytes; written += bytes.length) await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}

async function tool(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, [...args], { stdio: ["ignore", "ignore", "pipe"] });
  let words = "";
  child.stderr?.on("data", (data: Buffer) => (words += data.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new DrillFault("TOOL_FAILED", `${command} ${args.join(" ")}: ${words.trim()}`);
}
