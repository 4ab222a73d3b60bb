/** Tells many listeners that the ledger grew. A slow listener gets one notice for all that it missed, never a queue. */
import type { Commit, StreamKind } from "@releve/ledger/event-log";
import type { Change } from "./api-context.ts";

export type ChangeFeed = {
  readonly tell: (commit: Commit) => void;
  readonly changes: (signal: AbortSignal) => AsyncIterable<Change>;
};

type Listener = {
  pending: { position: Change["position"]; kinds: Set<StreamKind> } | undefined;
  wake: () => void;
};

export function changeFeed(): ChangeFeed {
  const listeners = new Set<Listener>();
  return {
    tell: ({ position, stream }) => {
      for (const listener of listeners) {
        listener.pending = { position, kinds: new Set([...(listener.pending?.kinds ?? []), stream.kind]) };
        listener.wake();
      }
    },
    changes: (signal) => listen(listeners, signal),
  };
}

async function* listen(listeners: Set<Listener>, signal: AbortSignal): AsyncGenerator<Change> {
  const listener: Listener = { pending: undefined, wake: () => {} };
  listeners.add(listener);
  signal.addEventListener("abort", () => listener.wake(), { once: true });
  try {
    while (!signal.aborted) {
      const { pending } = listener;
      listener.pending = undefined;
      if (pending) yield { position: pending.position, kinds: [...pending.kinds] };
      else await new Promise<void>((resolve) => (listener.wake = resolve));
    }
  } finally {
    listeners.delete(listener);
  }
}
