/**
 * multipart/related (RFC 2387, RFC 2046 section 5.1) as a stream: parts one after the other, each body as it arrives. Holds
 * no more than one chunk and one boundary. Nested multiparts are bodies like any other.
 */
import { DelimitedReader } from "./delimited-reader.ts";
import { MultipartFault } from "./multipart-fault.ts";

export type MultipartLimits = { readonly maxParts: number; readonly maxHeaderBytes: number };

export type Part = {
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** To be read to its end, or left: the next part begins after it either way. */
  readonly body: AsyncIterable<Uint8Array>;
};

const lineBreak = Buffer.from("\r\n");
const headersEnd = Buffer.from("\r\n\r\n");

/** @throws MultipartFault when the body breaks the format, ends early or goes past a limit. */
export async function* multipartParts(
  source: AsyncIterable<Uint8Array>,
  boundary: string,
  limits: MultipartLimits,
): AsyncIterable<Part> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const reader = new DelimitedReader(source);
  await drain(reader.until(delimiter)); // the preamble
  for (let count = 0; !(await reader.startsWith("--")); count += 1) {
    if (count >= limits.maxParts)
      throw new MultipartFault("TOO_MANY_PARTS", `more than ${limits.maxParts} parts`);
    const headers = await readHeaders(reader, limits.maxHeaderBytes);
    const body = reader.until(delimiter);
    yield { headers, body };
    await drain(body);
  }
}

/** Also takes up a body that its reader left in the middle. */
async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  while (!(await iterator.next()).done);
}

async function readHeaders(reader: DelimitedReader, maxBytes: number): Promise<Map<string, string>> {
  const padding = await reader.short(lineBreak, maxBytes);
  if (padding.trim() !== "")
    throw new MultipartFault("BAD_MULTIPART", "something follows a boundary in its line");
  if (await reader.startsWith("\r\n")) {
    await reader.short(lineBreak, maxBytes);
    return new Map();
  }
  const lines = (await reader.short(headersEnd, maxBytes)).split("\r\n");
  return new Map(lines.flatMap(headerOf));
}

function headerOf(line: string): [string, string][] {
  const at = line.indexOf(":");
  return at < 0 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()]];
}
