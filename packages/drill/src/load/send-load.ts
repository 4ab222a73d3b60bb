/** Sends as a modality does: by C-STORE, what was not answered with Success again, until all of it was or the time is over. */
import type { Clock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { SendTarget } from "@releve/dicom/dimse/send-objects";
import { sendStudy } from "@releve/server/demo/send-study";
import { generatedFiles } from "@releve/server/demo/source-files";
import type { AcceptedObject } from "../invariants/run-evidence.ts";
import type { LoadObject, LoadStudy } from "./run-studies.ts";

const pauseMs = 500;

/** @returns the objects that some gateway answered with Success. */
export async function sendUntilAccepted(
  target: SendTarget,
  { study, objects }: LoadStudy,
  clock: Clock,
  limitMs: number,
): Promise<AcceptedObject[]> {
  const untilMs = clock.nowMs() + limitMs;
  const accepted = new Map<string, AcceptedObject>();
  let rest: readonly LoadObject[] = objects;
  while (rest.length > 0 && clock.nowMs() < untilMs) {
    for (const sopInstanceUid of await sendOnce(target, rest)) {
      const { dataSet } = objects.find((object) => object.sopInstanceUid === sopInstanceUid)!;
      accepted.set(sopInstanceUid, { study, sopInstanceUid, dataSet });
    }
    rest = objects.filter(({ sopInstanceUid }) => !accepted.has(sopInstanceUid));
    if (rest.length > 0) await clock.wait(pauseMs);
  }
  return [...accepted.values()];
}

async function sendOnce(target: SendTarget, objects: readonly LoadObject[]): Promise<string[]> {
  try {
    const sent = await sendStudy(target, generatedFiles(objects), () => {});
    return sent.flatMap((file) => (file.outcome === "stored" ? [file.sopInstanceUid] : []));
  } catch (error) {
    if (error instanceof Fault) return []; // nobody there: the next round tries again
    throw error;
  }
}
