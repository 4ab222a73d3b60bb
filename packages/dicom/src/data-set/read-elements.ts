/**
 * One bounded pass over a data set: elements, items, fragments. Every step moves forward by at least 8 bytes, recursion
 * ends at the depth limit, and nothing is allocated by what a length claims. Values stay where they are.
 *
 * Of two elements with one tag the first counts: what follows a wrong length is often noise that looks like elements,
 * and it must not replace what was read in good order.
 */
import { readElementHeader, vrAt, UNDEFINED_LENGTH, type ElementHeader } from "./element-header.ts";
import { explicitLittle, implicitLittle, isPixelTag, type Element } from "./element.ts";
import type { ElementSet, Encapsulated, Encoding, Fragment } from "./element.ts";
import { countOne, readTag, stop, warn, type ReaderState } from "./reader-state.ts";
import { knownVrs } from "./value-representations.ts";

const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;

/** Where to read: from `offset`, never beyond `end`. `level` 0 is the data set, above are items. */
export type Extent = {
  readonly offset: number;
  readonly end: number;
  readonly level: number;
  readonly encoding: Encoding;
};

type Read<T> = { readonly value: T; readonly next: number };

/** @returns the elements, and where reading ended: `next` is the first byte that was not used. */
export function readElements(state: ReaderState, extent: Extent): Read<ElementSet> {
  const elements = new Map<number, Element>();
  let offset = extent.offset;
  let lastTag = -1;
  while (!state.stopped && offset + 8 <= extent.end) {
    const tag = readTag(state, offset, extent.encoding.littleEndian);
    if (tag >>> 16 === 0xfffe) {
      if (extent.level > 0) return { value: elements, next: tag === ITEM_END ? offset + 8 : offset };
      warn(state, "an item or delimiter outside a sequence", tag);
      offset += 8;
      continue;
    }
    if (extent.level === 0 && endsDataSet(state, tag)) break;
    const read = readElement(state, offset, extent);
    if (!read) break;
    if (tag < lastTag) warn(state, "tags out of order", tag);
    addFirst(state, elements, read.value);
    lastTag = tag;
    offset = read.next;
  }
  if (extent.level === 0) judgeRest(state, offset, extent.end);
  return { value: elements, next: state.stopped ? offset : Math.max(offset, extent.end) };
}

/** A tag of zeros is padding. A header read is done where the pixels start. */
function endsDataSet(state: ReaderState, tag: number): boolean {
  if (state.stopAtPixels && isPixelTag(tag)) state.stopped = "PIXELS";
  return tag === 0 || state.stopped === "PIXELS";
}

function addFirst(state: ReaderState, elements: Map<number, Element>, element: Element | undefined): void {
  if (!element) return;
  if (elements.has(element.tag)) warn(state, "a tag twice, the first is kept", element.tag);
  else elements.set(element.tag, element);
}

/** Zeros after the last element are padding; a few other bytes are the start of a lost element. */
function judgeRest(state: ReaderState, offset: number, end: number): void {
  if (state.stopped || offset >= end) return;
  const padding = state.bytes.subarray(offset, Math.min(end, offset + 8)).every((byte) => byte === 0);
  if (padding) warn(state, "padding after the data set");
  else stop(state, "TRUNCATED", "the bytes end within an element");
}

/** Undefined when the header is cut off; no value when the element is not all there and was left out. */
function readElement(
  state: ReaderState,
  offset: number,
  extent: Extent,
): Read<Element | undefined> | undefined {
  if (!countOne(state)) return undefined;
  const header = readElementHeader(state, offset, extent.encoding);
  if (!header || header.valueOffset > extent.end) {
    cutOff(state, extent, header?.tag);
    return undefined;
  }
  const littleEndian = header.unknown || extent.encoding.littleEndian;
  const at = { tag: header.tag, vr: header.vr, offset: header.valueOffset, littleEndian };
  if (header.length === UNDEFINED_LENGTH) return undefinedLength(state, header, extent, at);

  if (header.length % 2 === 1) warn(state, "odd length", header.tag);
  return definedLength(state, header, extent, at);
}

type Placed = Omit<Element, "length">;

/** Sequences and the pixels of the data set itself are used as far as they go; other values are there or not. */
function definedLength(
  state: ReaderState,
  header: ElementHeader,
  extent: Extent,
  at: Placed,
): Read<Element | undefined> {
  const wanted = at.offset + header.length;
  const next = Math.min(wanted, extent.end);
  if (wanted > extent.end) {
    if (at.vr !== "SQ" && !(extent.level === 0 && isPixelTag(at.tag))) {
      cutOff(state, extent, at.tag);
      return { value: undefined, next };
    }
    warn(state, "a value longer than what holds it", at.tag);
  }
  const element: Element = { ...at, length: next - at.offset };
  return { value: at.vr === "SQ" ? withItems(state, header, extent, element) : element, next };
}

function withItems(state: ReaderState, header: ElementHeader, extent: Extent, element: Element): Element {
  if (element.length === 0) return { ...element, items: [] };
  if (startsWithItem(state, element)) {
    const end = element.offset + element.length;
    return { ...element, items: readItems(state, itemsExtent(state, header, extent, end), false).value };
  }
  warn(state, "a sequence without items", element.tag);
  return { ...element, vr: "UN" };
}

function undefinedLength(
  state: ReaderState,
  header: ElementHeader,
  extent: Extent,
  at: Placed,
): Read<Element | undefined> {
  const first = at.offset + 8 <= extent.end ? readTag(state, at.offset, at.littleEndian) : 0;
  const bulk = isPixelTag(header.tag) || ["OB", "OW", "OF", "OD", "OL", "OV"].includes(header.vr);
  if (bulk && (first === ITEM || first === SEQUENCE_END)) {
    const read = readFragments(state, at.offset, extent.end, at.littleEndian);
    const vr = at.vr === "ox" ? "OB" : at.vr;
    return { value: { ...at, vr, length: read.next - at.offset, encapsulated: read.value }, next: read.next };
  }
  if (isPixelTag(header.tag) && extent.level === 0) {
    warn(state, "undefined length without fragments: read to the end", header.tag);
    return { value: { ...at, length: extent.end - at.offset }, next: extent.end };
  }
  if (first !== ITEM && first !== SEQUENCE_END) {
    stop(state, "BAD_ELEMENT", "undefined length without items", header.tag);
    return { value: undefined, next: extent.end };
  }
  const read = readItems(state, itemsExtent(state, header, extent, extent.end), true);
  const element: Element = { ...at, vr: "SQ", length: read.next - at.offset, items: read.value };
  return { value: element, next: read.next };
}

/** The items of an UN sequence are Implicit VR Little Endian (PS3.5 6.2.2 note 4), except from writers that forgot. */
function itemsExtent(state: ReaderState, header: ElementHeader, extent: Extent, end: number): Extent {
  const { valueOffset: offset } = header;
  const level = extent.level + 1;
  if (!header.unknown) return { offset, end, level, encoding: extent.encoding };
  const forgot = knownVrs.has(vrAt(state.bytes, offset + 12) ?? "");
  return { offset, end, level, encoding: forgot ? explicitLittle : implicitLittle };
}

function readItems(state: ReaderState, extent: Extent, delimited: boolean): Read<readonly ElementSet[]> {
  const items: ElementSet[] = [];
  let offset = extent.offset;
  if (extent.level > state.limits.depth) stop(state, "TOO_DEEP", "sequences are nested too deeply");
  while (!state.stopped && offset + 8 <= extent.end) {
    const tag = readTag(state, offset, extent.encoding.littleEndian);
    if (tag === ITEM_END) {
      offset += 8;
      continue;
    }
    if (tag !== ITEM) return { value: items, next: sequenceEnd(state, tag, offset, delimited) ?? extent.end };
    if (!countOne(state)) break;
    const read = readItem(state, offset, extent);
    items.push(read.value);
    offset = read.next;
  }
  if (delimited && !state.stopped) warn(state, "a sequence without its delimiter, at the end");
  return { value: items, next: state.stopped ? offset : extent.end };
}

/** Where the parent goes on; undefined at the end that the sequence's length gives. */
function sequenceEnd(
  state: ReaderState,
  tag: number,
  offset: number,
  delimited: boolean,
): number | undefined {
  if (tag !== SEQUENCE_END) warn(state, "a sequence without its delimiter, before", tag);
  if (!delimited) return undefined;
  return tag === SEQUENCE_END ? offset + 8 : offset;
}

function readItem(state: ReaderState, offset: number, extent: Extent): Read<ElementSet> {
  const length = state.view.getUint32(offset + 4, extent.encoding.littleEndian);
  const inner = { ...extent, offset: offset + 8 };
  if (length === UNDEFINED_LENGTH) return readElements(state, inner);
  const end = Math.min(offset + 8 + length, extent.end);
  if (end < offset + 8 + length) warn(state, "an item longer than its sequence");
  const read = readElements(state, { ...inner, end });
  return { value: read.value, next: state.stopped ? read.next : end };
}

function readFragments(
  state: ReaderState,
  start: number,
  end: number,
  littleEndian: boolean,
): Read<Encapsulated> {
  const fragments: Fragment[] = [];
  let next = end;
  let offset = start;
  let delimited = false;
  while (!state.stopped && offset + 8 <= end) {
    const tag = readTag(state, offset, littleEndian);
    delimited = tag === SEQUENCE_END;
    if (tag !== ITEM) {
      next = delimited ? offset + 8 : offset;
      break;
    }
    if (!countOne(state)) break;
    const claimed = state.view.getUint32(offset + 4, littleEndian);
    const length = Math.min(claimed, end - offset - 8);
    if (length < claimed) warn(state, "a fragment longer than the object");
    fragments.push({ offset: offset + 8, length });
    offset += 8 + length;
  }
  if (!delimited) warn(state, "fragments without their delimiter");
  const [table, ...rest] = fragments;
  return { value: { basicOffsets: basicOffsets(state, table), fragments: rest }, next };
}

function basicOffsets(state: ReaderState, table: Fragment | undefined): readonly number[] {
  const count = Math.min(Math.floor((table?.length ?? 0) / 4), state.limits.elements - state.elementCount);
  return Array.from({ length: Math.max(count, 0) }, (_, index) =>
    state.view.getUint32(table!.offset + index * 4, true),
  );
}

/** Pixel data of defined length that holds fragments all the same; for the encapsulated transfer syntaxes. */
export function readFragmentsWithin(state: ReaderState, element: Element): Encapsulated | undefined {
  if (!startsWithItem(state, element)) return undefined;
  return readFragments(state, element.offset, element.offset + element.length, element.littleEndian).value;
}

function startsWithItem(state: ReaderState, element: Element): boolean {
  return element.length >= 8 && readTag(state, element.offset, element.littleEndian) === ITEM;
}

/** A value that is not all there is left out. In an item of known length its siblings are unharmed. */
function cutOff(state: ReaderState, extent: Extent, tag: number | undefined): void {
  if (extent.end < state.bytes.length) warn(state, "an element longer than its item", tag);
  else stop(state, "TRUNCATED", "the bytes end within an element", tag);
}
