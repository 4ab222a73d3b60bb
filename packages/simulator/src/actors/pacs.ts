/** The archive: keeps what it gets by SOP Instance UID, is sometimes away, and sometimes keeps a part and says no. */
import { Fault } from "@releve/domain/fault";
import type { StoredObject } from "@releve/ledger/events/stored-object";
import type { Network } from "../kernel/network.ts";
import type { SimProcess } from "../kernel/sim-process.ts";
import type { Oracle } from "../oracle/oracle.ts";

const responseMs = 3_000;

export class Pacs {
  down = 0;
  halfStores = 0;
  readonly #process: SimProcess;
  readonly #network: Network;
  readonly #oracle: () => Oracle;

  constructor(process: SimProcess, network: Network, oracle: () => Oracle) {
    this.#process = process;
    this.#network = network;
    this.#oracle = oracle;
  }

  /** @returns a receipt, or what the PACS said. @throws Fault PACS_UNREACHABLE when it does not answer in time. */
  send(from: SimProcess, objects: readonly StoredObject[]): Promise<{ readonly stored: boolean }> {
    const { promise, resolve, reject } = Promise.withResolvers<{ readonly stored: boolean }>();
    const timer = from.after(responseMs, "pacs is silent", () =>
      reject(new Fault("PACS_UNREACHABLE", "the PACS did not answer", "later")),
    );
    this.#network.send(from, this.#process, "c-store", () => {
      if (this.down > 0) return;
      const kept = this.halfStores > 0 ? objects.slice(0, Math.floor(objects.length / 2)) : objects;
      for (const { sopInstanceUid, digest } of kept) this.#oracle().storedAtPacs(sopInstanceUid, digest);
      this.#network.send(this.#process, from, "c-store answer", () => {
        if (timer.cancelled) return;
        timer.cancelled = true;
        resolve({ stored: kept.length === objects.length });
      });
    });
    return promise;
  }
}
