/** What happened, in order: always as a digest, as lines only when somebody wants to read them. */
export type Trace = {
  readonly note: (atMs: number, who: string, what: string) => void;
  /** A line for people alone; the text is made only when lines are kept. */
  readonly tell: (atMs: number, who: string, text: () => string) => void;
  /** 64 bits over every note so far, hexadecimal: equal digests, equal traces. */
  readonly digest: () => string;
  readonly lines: () => readonly string[];
};

/** Enough to hold a whole scenario, little enough to print. */
const linesMax = 200_000;

export function newTrace(keepLines: boolean): Trace {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  const lines: string[] = [];
  const mix = (value: number) => {
    low = Math.imul(low ^ (value | 0), 0x01000193);
    high = Math.imul(high ^ low ^ (low >>> 15), 0x85ebca6b);
  };
  const mixText = (text: string) => {
    for (let index = 0; index < text.length; index++) mix(text.charCodeAt(index));
  };
  const keep = (atMs: number, who: string, text: string) => {
    if (lines.length < linesMax) lines.push(`${atMs.toFixed(2).padStart(10)} ${who.padEnd(12)} ${text}`);
  };
  return {
    note: (atMs, who, what) => {
      mix(Math.floor(atMs * 1000));
      mixText(who);
      mixText(what);
    },
    tell: (atMs, who, text) => {
      if (keepLines) keep(atMs, who, text());
    },
    digest: () => [high, low].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join(""),
    lines: () => lines,
  };
}
