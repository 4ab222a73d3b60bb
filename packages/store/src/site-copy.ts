/** Objects of other sites: fetched by digest, resumed where a connection broke, counted only when the digest is right. */
import type { Digest } from "@releve/domain/ids";
import { StoreFault } from "./faults.ts";
import type { ObjectStore } from "./object-store.ts";
import { remoteBytes, type FetchLimits, type FetchOptions } from "./remote-object.ts";

/** How long a site that did not answer comes last. */
const awayMs = 30_000;

const defaultLimits: FetchLimits = { maxBytes: 2 * 1024 ** 3, idleMs: 10_000, maxRequestsPerSite: 4 };

/**
 * Makes the object local: at once when it is, else from the first site whose bytes have the right digest.
 * @param sites base URLs of the other sites' object doors.
 * @throws StoreFault `SITE_UNREACHABLE` when none answers, `OBJECT_MISSING` when those that answer do not hold it,
 *   `OBJECT_DAMAGED` when what they sent is not what the digest says, or the store's own faults.
 */
export async function fetchObject(
  store: ObjectStore,
  digest: Digest,
  sites: readonly URL[],
  options: FetchOptions = {},
): Promise<void> {
  if (await store.has(digest)) return;
  const limits = { ...defaultLimits, ...options.limits };
  const failures: StoreFault[] = [];
  for (const site of sites) {
    options.signal?.throwIfAborted();
    const failure = await copyFrom(
      store,
      digest,
      new URL(`objects/${digest}`, withSlash(site)),
      options,
      options.isAway?.(site) ? { ...limits, maxRequestsPerSite: 1 } : limits,
    );
    if (!failure) return;
    if (failure.code === "SITE_UNREACHABLE") options.onUnreachable?.(site);
    failures.push(failure);
  }
  throw worst(failures);
}

/** Read access to this site's objects and, behind them, the other sites'. One fetch at a time per object. */
export function objectsOf(store: ObjectStore, sites: readonly URL[], options: FetchOptions = {}) {
  const fetching = new Map<Digest, Promise<void>>();
  const away = awaySites();
  const fetchOnce = (digest: Digest) => {
    const running = fetching.get(digest);
    if (running) return running;
    const order = away.last(sites);
    const knowing = { ...options, onUnreachable: away.note, isAway: away.isAway };
    const started = fetchObject(store, digest, order, knowing).finally(() => fetching.delete(digest));
    fetching.set(digest, started);
    return started;
  };
  return {
    /** Makes the object local and says so once its name is durable here. @throws StoreFault, see `fetchObject`. */
    keep: async (digest: Digest): Promise<void> => {
      await fetchOnce(digest);
      if (!(await store.confirm(digest))) throw new StoreFault("OBJECT_MISSING", "the object was removed");
    },
    /** @throws StoreFault, see `fetchObject` and `ObjectStore.read`. */
    read: async (digest: Digest): Promise<Buffer> => {
      await fetchOnce(digest);
      try {
        return await store.read(digest);
      } catch (error) {
        // A damaged local copy is worth less than none: another site's good one heals it.
        if (!(error instanceof StoreFault) || error.code !== "OBJECT_DAMAGED" || sites.length === 0)
          throw error;
        await store.remove(digest);
        await fetchOnce(digest);
        return store.read(digest);
      }
    },
  };
}

/** A site that did not answer is asked after the others for a while: a lost one must not cost its time-out at every object. */
function awaySites() {
  const untilMs = new Map<string, number>();
  const isAway = (site: URL) => (untilMs.get(site.href) ?? 0) > performance.now();
  return {
    isAway,
    note: (site: URL) => void untilMs.set(site.href, performance.now() + awayMs),
    last: (sites: readonly URL[]) => [...sites.filter((site) => !isAway(site)), ...sites.filter(isAway)],
  };
}

async function copyFrom(
  store: ObjectStore,
  digest: Digest,
  url: URL,
  options: FetchOptions,
  limits: FetchLimits,
): Promise<StoreFault | undefined> {
  try {
    const staged = await store.stage(remoteBytes(url, options, limits), { maxBytes: limits.maxBytes });
    if (staged.digest === digest) {
      await staged.commit();
      return undefined;
    }
    await staged.discard();
    return new StoreFault("OBJECT_DAMAGED", `${url.host} sent other bytes than object ${digest}`);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof StoreFault && isTheSites(error)) return error;
    throw error;
  }
}

function isTheSites(fault: StoreFault): boolean {
  return fault.code === "SITE_UNREACHABLE" || fault.code === "OBJECT_MISSING";
}

function withSlash(site: URL): URL {
  return site.pathname.endsWith("/") ? site : new URL(`${site.href}/`);
}

/** Damage is told before absence, absence before silence: it is what somebody must look at first. */
function worst(failures: readonly StoreFault[]): StoreFault {
  const order = ["OBJECT_DAMAGED", "SITE_UNREACHABLE", "OBJECT_MISSING"];
  const sorted = failures.toSorted((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
  return sorted[0] ?? new StoreFault("OBJECT_MISSING", "no site holds the object");
}
