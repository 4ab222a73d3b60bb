/** Binary values in Little Endian, which every transfer syntax but one has, and so have bulk data and JSON. */

/** Bytes that change places between the two byte orders; AT is two numbers of two. */
const swapWidths: Readonly<Record<string, 2 | 4 | 8>> = {
  AT: 2,
  OW: 2,
  SS: 2,
  US: 2,
  FL: 4,
  OF: 4,
  OL: 4,
  SL: 4,
  UL: 4,
  FD: 8,
  OD: 8,
  OV: 8,
  SV: 8,
  UV: 8,
};

/** The same bytes where they are in order, else a copy. */
export function littleEndian(bytes: Uint8Array, vr: string, isLittle: boolean): Uint8Array {
  const width = swapWidths[vr];
  if (isLittle || !width) return bytes;
  const swapped = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % width)));
  if (width === 2) return swapped.swap16();
  return width === 4 ? swapped.swap32() : swapped.swap64();
}
