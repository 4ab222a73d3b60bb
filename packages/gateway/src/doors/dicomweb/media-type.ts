/** Media types with parameters (RFC 9110 section 8.3.1), as in Content-Type and in the elements of Accept. */

export type MediaType = {
  /** Lower case, such as `multipart/related`. */
  readonly type: string;
  /** Names in lower case; values without their quotes. */
  readonly parameters: ReadonlyMap<string, string>;
};

const longest = 8192;

/** Undefined when the text is no media type. */
export function parseMediaType(text: string): MediaType | undefined {
  if (text.length > longest) return undefined;
  const [head = "", ...rest] = splitOutsideQuotes(text, ";");
  const type = head.trim().toLowerCase();
  if (!/^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/.test(type)) return undefined;
  return { type, parameters: new Map(rest.flatMap(parameterOf)) };
}

function parameterOf(text: string): [string, string][] {
  const at = text.indexOf("=");
  if (at < 0) return [];
  const value = text.slice(at + 1).trim();
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(value);
  return [[text.slice(0, at).trim().toLowerCase(), quoted ? quoted[1]!.replaceAll(/\\(.)/g, "$1") : value]];
}

/** Splits at `separator`, which counts for nothing inside a quoted string. */
export function splitOutsideQuotes(text: string, separator: "," | ";"): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "\\" && quoted) at += 1;
    else if (text[at] === '"') quoted = !quoted;
    else if (text[at] === separator && !quoted) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)];
}
