/** The parent's end of a child process that runs simulations. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SeedOrder, SeedReport } from "./seed-process.ts";

export type SeedChild = {
  /** @throws Error when the child ended, or said nothing for `limitMs`: then it was killed. */
  readonly run: (order: SeedOrder, limitMs: number) => Promise<SeedReport>;
  readonly end: () => void;
};

const script = fileURLToPath(new URL("./seed-process.ts", import.meta.url));

/** @param mutant name of the planted bug that the child runs with. */
export function startSeedChild(mutant?: string): SeedChild {
  const child = fork(script, mutant === undefined ? [] : [mutant], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let complaint = "";
  child.stderr!.on("data", (text: Buffer) => (complaint = `${complaint}${text.toString()}`.slice(-2_000)));
  return {
    run: (order, limitMs) => answerOf(child, order, limitMs, () => complaint),
    end: () => void child.kill("SIGKILL"),
  };
}

function answerOf(
  child: ChildProcess,
  order: SeedOrder,
  limitMs: number,
  complaint: () => string,
): Promise<SeedReport> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      settle(() => reject(new Error(`nothing moved for ${limitMs} ms`)));
    }, limitMs);
    const onExit = (code: number | null) =>
      settle(() => reject(new Error(`the process ended (${code}): ${complaint()}`)));
    const onReport = (report: unknown) => settle(() => resolve(report as SeedReport));
    const settle = (then: () => void) => {
      clearTimeout(timer);
      child.off("exit", onExit);
      child.off("message", onReport);
      then();
    };
    child.on("exit", onExit);
    child.on("message", onReport);
    child.send(order);
  });
}
