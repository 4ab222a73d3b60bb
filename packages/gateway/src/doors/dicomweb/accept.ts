/**
 * What a client accepts (PS3.18 section 8.7): media types in the order of their preference. `multipart/related` is looked
 * through: what counts is the type of its parts, and whether the client takes parts or one bare object.
 */
import { parseMediaType, splitOutsideQuotes } from "./media-type.ts";

export type Accepted = {
  /** Of one part or of the bare body, such as `application/dicom` or a wildcard. */
  readonly type: string;
  readonly multipart: boolean;
  /** A transfer syntax UID, `*`, or undefined where the client left it to the media type's default. */
  readonly transferSyntaxUid: string | undefined;
};

const mostElements = 64;

/** An absent header accepts everything. PS3.18's query parameter `accept` comes as one more header. */
export function parseAccept(header: string | undefined): readonly Accepted[] {
  if (header === undefined || header.trim() === "") return [anything];
  const elements = splitOutsideQuotes(header, ",").slice(0, mostElements).flatMap(elementOf);
  return elements.filter((one) => one.quality > 0).toSorted((a, b) => b.quality - a.quality);
}

const anything: Accepted = { type: "*/*", multipart: false, transferSyntaxUid: "*" };

function elementOf(text: string): (Accepted & { quality: number })[] {
  const media = parseMediaType(text);
  if (!media) return [];
  const multipart = media.type === "multipart/related";
  // Clients that ask for multipart/related alone leave the parts to the resource.
  const type = multipart ? (media.parameters.get("type")?.toLowerCase() ?? "*/*") : media.type;
  const quality = Number(media.parameters.get("q") ?? 1);
  const transferSyntaxUid = media.parameters.get("transfer-syntax") ?? (type === "*/*" ? "*" : undefined);
  return [{ type, multipart, transferSyntaxUid, quality: Number.isFinite(quality) ? quality : 1 }];
}

/** True when one of the elements takes `type`; parts only where `multipart` is left open or named. */
export function accepts(accepted: readonly Accepted[], type: string): boolean {
  return accepted.some((one) => matchesType(one.type, type));
}

/** For answers in DICOM JSON, which older clients ask for as plain JSON. */
export function acceptsDicomJson(header: string | undefined): boolean {
  const accepted = parseAccept(header);
  return accepts(accepted, "application/dicom+json") || accepts(accepted, "application/json");
}

export function matchesType(pattern: string, type: string): boolean {
  if (pattern === "*/*" || pattern === type) return true;
  return pattern.endsWith("/*") && type.startsWith(pattern.slice(0, -1));
}
