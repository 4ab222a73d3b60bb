/**
 * What a destination has confirmed of deliveries that are not whole yet: the next try sends only the rest. In memory on
 * purpose: after a restart the same bytes go out again under the same UIDs, which a PACS takes as what it has.
 */
import type { DeliveryId, Digest } from "@releve/domain/ids";

export type ConfirmedObjects = {
  readonly has: (delivery: DeliveryId, digest: Digest) => boolean;
  readonly add: (delivery: DeliveryId, digests: readonly Digest[]) => void;
  readonly forget: (delivery: DeliveryId) => void;
};

/** The one that waits longest is forgotten first, and sent whole again. */
const deliveriesMax = 1_000;

export function confirmedObjects(): ConfirmedObjects {
  const confirmed = new Map<DeliveryId, Set<Digest>>();
  return {
    has: (delivery, digest) => confirmed.get(delivery)?.has(digest) ?? false,
    add: (delivery, digests) => {
      if (digests.length === 0) return;
      const known = confirmed.get(delivery) ?? new Set();
      for (const digest of digests) known.add(digest);
      confirmed.set(delivery, known);
      if (confirmed.size > deliveriesMax) confirmed.delete(confirmed.keys().next().value!);
    },
    forget: (delivery) => void confirmed.delete(delivery),
  };
}
