/** A listener on loopback for the tests of this folder, which keeps what it is sent. */
import { acceptStorageContext } from "./accept-context.ts";
import type { DimseStatus } from "./dimse-status.ts";
import { startScp, type ScpEvent, type ScpLimits, type ScpOptions } from "./scp.ts";
import type { StoreRequest } from "./serve-store.ts";
import type { SendTarget } from "./send-objects.ts";

export const ctStorage = "1.2.840.10008.5.1.4.1.1.2";
export const explicitLittleEndian = "1.2.840.10008.1.2.1";

export type Kept = { readonly request: StoreRequest; readonly bytes: Buffer };

export const testLimits: ScpLimits = {
  maxAssociations: 8,
  maxPduBytes: 65536,
  maxObjectBytes: 16 * 1024 * 1024,
  idleMs: 10_000,
  artimMs: 10_000,
};

export async function listen(
  change: Partial<Omit<ScpOptions, "handlers" | "limits">> & {
    readonly limits?: Partial<ScpLimits>;
    readonly store?: (request: StoreRequest, dataSet: AsyncIterable<Uint8Array>) => Promise<DimseStatus>;
  } = {},
) {
  const kept: Kept[] = [];
  const events: ScpEvent[] = [];
  const keep = async (request: StoreRequest, dataSet: AsyncIterable<Uint8Array>): Promise<DimseStatus> => {
    kept.push({ request, bytes: await gathered(dataSet) });
    return { status: 0 };
  };
  const { store = keep, limits, ...options } = change;
  const scp = await startScp({
    host: "127.0.0.1",
    port: 0,
    admit: () => "admitted",
    acceptContext: acceptStorageContext,
    onEvent: (event) => events.push(event),
    ...options,
    limits: { ...testLimits, ...limits },
    handlers: { store, echo: () => ({ status: 0 }) },
  });
  return { scp, kept, events, target: targetOf(scp.port), close: () => scp.close(0) };
}

export function targetOf(port: number): SendTarget {
  return {
    host: "127.0.0.1",
    port,
    callingAeTitle: "TEST",
    calledAeTitle: "RELEVE",
    maxPduBytes: 65536,
    connectMs: 5000,
    responseMs: 10_000,
  };
}

export async function gathered(dataSet: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of dataSet) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Resolves once `condition` holds. @throws Error after five seconds */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the condition did not come true within five seconds");
}
