/** One at a time for each key, in the order of their coming; different keys at once. */

export type KeyedTurns = {
  /** Runs `work` when everybody before it under `key` has ended; undefined when too many wait already. */
  readonly take: <T>(key: string, work: () => Promise<T>) => Promise<T> | undefined;
};

export function keyedTurns(maxWaitingPerKey: number): KeyedTurns {
  const queues = new Map<string, { last: Promise<unknown>; count: number }>();
  return {
    take: (key, work) => {
      const queue = queues.get(key) ?? { last: Promise.resolve(), count: 0 };
      if (queue.count > maxWaitingPerKey) return undefined;
      queue.count += 1;
      const mine = queue.last.then(work);
      // Whoever took the turn hears of its failure.
      queue.last = mine
        .catch(() => undefined)
        .finally(() => {
          queue.count -= 1;
          if (queue.count === 0) queues.delete(key);
        });
      queues.set(key, queue);
      return mine;
    },
  };
}
