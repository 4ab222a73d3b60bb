/** What a person at the terminal sees: one line per step with the time since the start, and a bar on long work. */
export type Terminal = {
  readonly say: (sentence: string) => void;
  readonly bar: (label: string, done: number, total: number) => void;
};

const barWidth = 24;

export function terminal(out: NodeJS.WriteStream, nowMs: () => number): Terminal {
  const startedMs = nowMs();
  let open = false;
  const time = () => `[${((nowMs() - startedMs) / 1000).toFixed(1).padStart(6)} s]`;
  return {
    say: (sentence) => {
      if (open) out.write("\n");
      open = false;
      out.write(`${time()} ${sentence}\n`);
    },
    bar: (label, done, total) => {
      const filled = Math.round((barWidth * done) / Math.max(1, total));
      const text = `${time()} ${label} ${"#".repeat(filled)}${"-".repeat(barWidth - filled)} ${done}/${total}`;
      if (out.isTTY) {
        out.write(`\r${text}`);
        open = true;
        if (done >= total) {
          out.write("\n");
          open = false;
        }
      } else if (done >= total) out.write(`${text}\n`); // a log file keeps one line, not one per step
    },
  };
}
