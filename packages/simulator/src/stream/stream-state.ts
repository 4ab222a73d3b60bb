/** A replica's stream as its committed entries make it: messages in order, the last of each subject, the ids seen lately. */
import type { StoredEntry } from "./replica-disk.ts";

export type StreamMessage = {
  readonly seq: number;
  readonly subject: string;
  readonly data: Uint8Array;
  /** Empty when it was sent without one. */
  readonly id: string;
};

/** JetStream's default. */
const duplicateWindowMs = 120_000;

export class StreamState {
  readonly #keepsIds: boolean;
  readonly messages: StreamMessage[] = [];
  readonly #tails = new Map<string, StreamMessage>();
  readonly #ids = new Map<string, { readonly seq: number; readonly atMs: number }>();

  /** @param keepsIds false: the duplicate table is always empty, the worst that can become of it; nothing may rest on it. */
  constructor(keepsIds: boolean) {
    this.#keepsIds = keepsIds;
  }

  apply({ seq, message, atMs }: StoredEntry): StreamMessage | undefined {
    if (!message) return undefined;
    const { subject, data, id } = message;
    const stored = { seq, subject, data, id: id ?? "" };
    this.messages.push(stored);
    this.#tails.set(subject, stored);
    if (id !== undefined && this.#keepsIds) this.#ids.set(id, { seq, atMs });
    return stored;
  }

  tail(subject: string): StreamMessage | undefined {
    return this.#tails.get(subject);
  }

  /** The sequence under which the id was stored, while that is remembered. */
  duplicateOf(id: string, nowMs: number): number | undefined {
    const known = this.#ids.get(id);
    return known && nowMs - known.atMs < duplicateWindowMs ? known.seq : undefined;
  }

  from(seq: number, subject: string | undefined, max: number): StreamMessage[] {
    const found: StreamMessage[] = [];
    for (let at = Math.max(0, seq - 1); at < this.messages.length && found.length < max; at++) {
      const message = this.messages[at]!;
      if (subject === undefined || message.subject === subject) found.push(message);
    }
    return found;
  }
}
