/**
 * English sentences into French ones. The ledger and the reports keep what was said in English, for ever and for everybody; this
 * finds the pattern that a sentence was made by and puts what it holds into the French one. Pure.
 */

/** English patterns by their French ones: `{}` is what the sentence holds there, `{1}` the first of these, and so on. */
export type Sentences = Readonly<Record<string, string>>;

export type Translate = (english: string) => string;

/** Held values are sentences or words themselves; nothing is made of more parts. */
const depthMax = 3;

/** @returns a function that gives back what it does not know. */
export function translator(sentences: Sentences): Translate {
  const patterns = Object.entries(sentences)
    .filter(([english]) => english.includes("{}"))
    .map(([english, french]) => ({ english, pattern: patternOf(english), french }))
    .toSorted((a, b) => fixedLength(b.english) - fixedLength(a.english));
  const translate = (english: string, depth: number): string => {
    const whole = Object.hasOwn(sentences, english) ? sentences[english] : undefined;
    if (whole !== undefined || depth === depthMax) return whole ?? english;
    for (const { pattern, french } of patterns) {
      const held = pattern.exec(english)?.slice(1);
      if (held)
        return filled(
          french,
          held.map((value) => translate(value, depth + 1)),
        );
    }
    return withComma(english);
  };
  return (english) => translate(english, 0);
}

const patternOf = (english: string): RegExp =>
  new RegExp(`^${english.split("{}").map(escaped).join("(.*?)")}$`, "s");

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The pattern that says most itself is tried first. */
const fixedLength = (english: string): number => english.replaceAll("{}", "").length;

const filled = (french: string, held: readonly string[]): string =>
  french.replaceAll(/\{(\d+)\}/g, (_, place: string) => held[Number(place) - 1] ?? "");

/** A number alone, or with its unit. */
const withComma = (text: string): string =>
  /^-?\d+\.\d+( \S+)?$/.test(text) ? text.replace(".", ",") : text;
