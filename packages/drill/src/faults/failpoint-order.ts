/** Orders a process of the cluster to end itself at a step: see the server's `failpoint.ts`. */
import { rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import type { FailpointOrder } from "@releve/server/roles/failpoint";
import { writeDurably } from "../runs/result-files.ts";
import type { Stage } from "../stage/stage.ts";

export const orderEnd = ({ failpointFile }: Stage, order: FailpointOrder): Promise<void> =>
  writeDurably(failpointFile, JSON.stringify(order));

/** @returns whether some process had obeyed an order that is for once. */
export async function withdrawOrder({ failpointFile }: Stage): Promise<boolean> {
  const obeyed = existsSync(`${failpointFile}.done`);
  await Promise.all([failpointFile, `${failpointFile}.done`].map((file) => rm(file, { force: true })));
  return obeyed;
}
