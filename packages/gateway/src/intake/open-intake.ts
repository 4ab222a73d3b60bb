/** Puts the intake together over an open store and journal: what a gateway process holds once. */
import { join } from "node:path";
import type { FailpointPort } from "@releve/store/failpoint";
import type { StoreFault } from "@releve/store/faults";
import { openIntakeJournal, type IntakeJournal } from "@releve/store/intake-journal";
import { openObjectIndex } from "@releve/store/object-index";
import { openObjectStore, type ObjectStore } from "@releve/store/object-store";
import { byteBudget } from "./byte-budget.ts";
import { openCatalogue, type Catalogue } from "./catalogue.ts";
import { entryDescriber } from "./describe-entry.ts";
import type { IntakeFailpoint } from "./failpoint.ts";
import { indexedAttributes } from "./indexed-attributes.ts";
import type { IntakeOutcome } from "./intake-outcome.ts";
import { keyedTurns } from "./keyed-turns.ts";
import { receiveObject, type Arrival } from "./receive-object.ts";

export type Intake = {
  readonly receive: (arrival: Arrival) => Promise<IntakeOutcome>;
  readonly store: ObjectStore;
  readonly journal: IntakeJournal;
  readonly catalogue: Catalogue;
  readonly maxObjectBytes: number;
  readonly close: () => Promise<void>;
};

export type IntakeOptions = {
  /** Holds `store/`, `journal/` and `index.sqlite`. */
  readonly dir: string;
  readonly minFreeBytes: number;
  readonly maxObjectBytes?: number;
  /** Bytes of objects being parsed at once; one larger object is parsed alone. */
  readonly maxParsingBytes?: number;
  readonly nowMs: () => number;
  readonly failpoint?: FailpointPort<IntakeFailpoint>;
  readonly onFault?: (fault: StoreFault) => void;
  /** An accepted object that the index could not read: its UIDs are known, its attributes are not. */
  readonly onUnreadable?: (digest: string, cause: unknown) => void;
};

const defaultMaxObjectBytes = 2 * 1024 ** 3;
const defaultMaxParsingBytes = 512 * 1024 ** 2;
/** More arrivals of one and the same object at once than this are a sender gone wild. */
const maxTurnsWaiting = 32;

/** @throws StoreFault, see `openObjectStore` and `openIntakeJournal`. */
export async function openIntake(options: IntakeOptions): Promise<Intake> {
  const { dir, minFreeBytes, failpoint, onFault } = options;
  const points = failpoint ? { failpoint } : {};
  const store = await openObjectStore({ dir: join(dir, "store"), minFreeBytes, ...points });
  const journal = await openIntakeJournal({ dir: join(dir, "journal"), ...points });
  const describer = entryDescriber(store, (entry, cause) => options.onUnreadable?.(entry.digest, cause));
  const index = openObjectIndex(join(dir, "index.sqlite"));
  const catalogue = openCatalogue(journal, index, describer.describe);
  const maxObjectBytes = options.maxObjectBytes ?? defaultMaxObjectBytes;
  const deps = {
    store,
    journal,
    catalogue,
    remember: describer.remember,
    attributesOf: indexedAttributes,
    turns: keyedTurns(maxTurnsWaiting),
    parsing: byteBudget(options.maxParsingBytes ?? defaultMaxParsingBytes),
    maxObjectBytes,
    nowMs: options.nowMs,
    ...points,
    ...(onFault ? { onFault } : {}),
  };
  return {
    receive: (arrival) => receiveObject(deps, arrival),
    store,
    journal,
    catalogue,
    maxObjectBytes,
    close: async () => {
      await catalogue.close();
      await journal.close();
    },
  };
}
