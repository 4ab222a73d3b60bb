/**
 * Only in drills: ends this process by SIGKILL at the step that a file names, as a power failure would. The file is looked at
 * at every step, so that a drill can choose the step while the cluster runs. Without the setting there is no file and no step.
 */
import { readFileSync, renameSync } from "node:fs";
import type { EventLog } from "@releve/ledger/event-log";
import { z } from "zod";

/** `step` such as `after JobClaimed`; `of` names what it is about, such as the study. */
export type Failpoint = (step: string, of?: string) => void;

export const noFailpoint: Failpoint = () => {};

const orderSchema = z.object({
  step: z.string(),
  /** Only where the step is about this; null: the first to come there. */
  of: z.string().nullable(),
  /** False: the first process that reaches it ends, and no other. */
  everyTime: z.boolean(),
});

export type FailpointOrder = z.infer<typeof orderSchema>;

/** @param file empty: none. @param role comes before the step's name: `gateway after JobRequested`. */
export function failpointOf(file: string, role: string): Failpoint {
  if (file === "") return noFailpoint;
  return (step, of) => {
    const order = orderIn(file);
    if (!order || order.step !== `${role} ${step}` || (order.of !== null && order.of !== of)) return;
    if (!order.everyTime && !taken(file)) return;
    process.kill(process.pid, "SIGKILL");
  };
}

function orderIn(file: string): FailpointOrder | undefined {
  try {
    return orderSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Of several processes at the step only the one that can rename the order obeys it. */
function taken(file: string): boolean {
  try {
    renameSync(file, `${file}.done`);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

/** Steps before and after each append, named by the commit's first event. */
export function logWithSteps(log: EventLog, failpoint: Failpoint): EventLog {
  if (failpoint === noFailpoint) return log;
  return {
    ...log,
    append: async (stream, events, expected) => {
      const type = events[0]?.event.type ?? "nothing";
      failpoint(`before ${type}`);
      const outcome = await log.append(stream, events, expected);
      failpoint(`after ${type}`);
      return outcome;
    },
  };
}
