/** For people: the read models of the other ledgers, each brought up to date from its copy and followed. */
import { join } from "node:path";
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { Commit, ReadableLog } from "@releve/ledger/event-log";
import { followReadModel } from "@releve/ledger/read-models/follow-read-model";
import { openReadModel, type ReadModel } from "@releve/ledger/read-models/open-read-model";
import { logFault, type RoleLog } from "./log.ts";
import { openCopy, type CopiesSettings } from "./merge-ledgers.ts";

export type CopyModels = ReadonlyMap<string, ReadModel>;

/** By the name of the ledger; shown as they are until their copies are reached. */
export const openCopyModels = (settings: CopiesSettings, log: RoleLog): CopyModels =>
  new Map(
    settings.RELEVE_LEDGER_COPIES.map((ledger) => {
      const file = join(settings.RELEVE_DATA_DIR, "read-models", `copy-${ledger}.sqlite`);
      const onRebuild = (why: string) => log("the read model is built anew", { ledger, why });
      return [ledger, openReadModel({ file, onRebuild })];
    }),
  );

export type FollowingCopies = {
  readonly settings: CopiesSettings;
  /** Of the process. */
  readonly name: string;
  readonly models: CopyModels;
  readonly onWritten: (commits: readonly Commit[]) => void;
  readonly log: RoleLog;
};

const againMs = 5_000;

/** Until aborted. @throws Fault that no waiting mends. */
export async function followCopies(
  { settings, name, models, onWritten, log }: FollowingCopies,
  signal: AbortSignal,
): Promise<void> {
  const onFault = logFault(log, "copy");
  const follow = async (ledger: string, model: ReadModel): Promise<void> => {
    while (!signal.aborted) {
      let copy: ReadableLog | undefined;
      try {
        copy = await openCopy(settings, name, ledger);
        await followReadModel(copy, model, signal, { onWritten, onFault });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        onFault(error);
      } finally {
        await copy?.close();
      }
      await systemClock.wait(againMs, signal);
    }
  };
  await Promise.all([...models].map(([ledger, model]) => follow(ledger, model)));
}
