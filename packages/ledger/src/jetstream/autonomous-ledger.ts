/**
 * The ledger of an autonomous site: its own server has a JetStream of its own (a domain), and the site is the sole writer of
 * its own stream. The other sites hold a copy of it beside their ledger. The union of both is everything that happened: no
 * commit is in both, because a job's home is the stream of the site that took it in.
 */
import { JetStreamApiCodes, JetStreamApiError, StorageType, type JetStreamManager } from "@nats-io/jetstream";
import { ledgerStream } from "./jetstream-log.ts";

/** The domain of a site's own JetStream. */
export const domainOf = (site: string): string => site;

/** Under which name the other sites hold the copy. */
export const copyNameOf = (site: string): string => `${ledgerStream.name}_${site}`;

/**
 * Asks the stretched cluster to copy the site's ledger from now on, and after every absence from where it stood. What arrives
 * has the sequences that the site gave it, so its versions are the site's.
 * @param manager of the operator, at the stretched cluster.
 */
export async function ensureCopy(manager: JetStreamManager, site: string, replicas: number): Promise<void> {
  const name = copyNameOf(site);
  try {
    await manager.streams.info(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await manager.streams.add({
      name,
      storage: StorageType.File,
      num_replicas: replicas,
      deny_delete: true,
      deny_purge: true,
      allow_direct: true,
      mirror: { name: ledgerStream.name, external: { api: `$JS.${domainOf(site)}.API`, deliver: "" } },
    });
  }
}

const isNotFound = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
