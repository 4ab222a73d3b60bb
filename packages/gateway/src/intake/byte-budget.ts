/** Bounds the bytes that many tasks hold at once. A task larger than the whole budget runs alone. */

export type ByteBudget = {
  /** Waits for room, in the order of coming; call the result once to give the bytes back. */
  readonly take: (bytes: number) => Promise<() => void>;
};

export function byteBudget(totalBytes: number): ByteBudget {
  let free = totalBytes;
  const waiting: { readonly bytes: number; readonly start: () => void }[] = [];

  const admit = () => {
    while (waiting.length > 0 && waiting[0]!.bytes <= free) {
      const next = waiting.shift()!;
      free -= next.bytes;
      next.start();
    }
  };

  return {
    take: (asked) =>
      new Promise((resolve) => {
        const bytes = Math.min(asked, totalBytes);
        const giveBack = () => {
          free += bytes;
          admit();
        };
        waiting.push({ bytes, start: () => resolve(giveBack) });
        admit();
      }),
  };
}
