/**
 * The live tail of the stream as an ordered consumer gives it: whatever the network does, each message once and in order.
 * A gap, or silence, makes it ask the server at hand for what comes next.
 */
import type { Connection } from "./connection.ts";
import type { Follower, StreamServer } from "./stream-server.ts";
import type { StreamMessage } from "./stream-state.ts";

export type Followed = {
  readonly [Symbol.asyncIterator]: () => AsyncGenerator<StreamMessage>;
  readonly stop: () => void;
};

const silenceMs = 1_000;
const batchMax = 256;

export function followStream(connection: Connection, after: number): Followed {
  const { process } = connection;
  const waiting: StreamMessage[] = [];
  let last = after;
  let from: StreamServer | undefined;
  const state = { stopped: false };
  let asking = false;
  let heard = false;
  let wake = Promise.withResolvers<void>();

  const take = (messages: readonly StreamMessage[]): void => {
    heard = true;
    for (const message of messages) {
      if (message.seq > last + 1) void ask();
      if (message.seq !== last + 1) continue;
      last = message.seq;
      waiting.push(message);
    }
    wake.resolve();
  };
  const follower: Follower = { process, take };

  const ask = async (): Promise<void> => {
    if (asking || state.stopped) return;
    asking = true;
    const next = connection.request<StreamMessage[]>("consume", silenceMs, (server, answer) => {
      if (server !== from) from?.unfollow(follower);
      from = server;
      server.follow(follower);
      answer(server.direct(last + 1, undefined, batchMax));
    });
    const messages = await next.catch(() => []); // nobody answers: the next look asks again
    asking = false;
    take(messages);
  };

  const watch = (): void => {
    if (state.stopped) return;
    if (!heard || from !== connection.server) void ask();
    heard = false;
    process.after(silenceMs, "tail?", watch);
  };
  watch();

  const stop = (): void => {
    state.stopped = true;
    from?.unfollow(follower);
    wake.resolve();
  };

  async function* each(): AsyncGenerator<StreamMessage> {
    while (!state.stopped) {
      const message = waiting.shift();
      if (message) yield message;
      else {
        await wake.promise;
        if (waiting.length === 0) wake = Promise.withResolvers<void>();
      }
    }
  }
  const iterator = each();
  return { [Symbol.asyncIterator]: () => iterator, stop };
}
