/** Kills each process at each of its I/O steps in turn, and says at which one something broke. */
import { everyKill, killedAt } from "../scenario/every-step.ts";

const progressEvery = 500;

/** @returns the exit code. */
export async function runEveryStep(write: (text: string) => void): Promise<number> {
  const kills = await everyKill();
  const failed: string[] = [];
  for (const [index, kill] of kills.entries()) {
    if (index > 0 && index % progressEvery === 0) write(`${index} of ${kills.length} steps\n`);
    const { violations } = await killedAt(kill);
    for (const what of violations) failed.push(`${kill.process} killed at step ${kill.step}: ${what}`);
  }
  for (const line of failed) write(`VIOLATION ${line}\n`);
  write(`${kills.length} steps, ${failed.length} violations\n`);
  return failed.length === 0 ? 0 : 1;
}
