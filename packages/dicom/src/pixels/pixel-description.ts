/** What the Image Pixel Module says about the pixels (PS3.3 C.7.6.3), checked before anything is allocated by it. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Attributes } from "../data-set/attributes.ts";

export type PixelDescription = {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Planes one after the other rather than samples side by side. */
  readonly planar: boolean;
  readonly photometricInterpretation: string;
  /** Number of Frames as claimed; 1 where absent or nonsense. */
  readonly claimedFrames: number;
};

/** A frame beyond this is refused, bytes: four times the largest detector and mammography matrices in use. */
export const frameLimitBytes = 512 * 1024 * 1024;

export function readPixelDescription(attributes: Attributes): PixelDescription | Refusal {
  const whole = (keyword: string, fallback?: number): number =>
    attributes.has(keyword) || fallback === undefined ? (attributes.number(keyword) ?? Number.NaN) : fallback;
  const samplesPerPixel = whole("SamplesPerPixel", 1);
  const bitsAllocated = whole("BitsAllocated");
  const bitsStored = whole("BitsStored", bitsAllocated);
  const claimed = attributes.number("NumberOfFrames") ?? 1;
  return checked({
    rows: whole("Rows"),
    columns: whole("Columns"),
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    highBit: whole("HighBit", bitsStored - 1),
    signed: whole("PixelRepresentation", 0) === 1,
    planar: samplesPerPixel > 1 && whole("PlanarConfiguration", 0) === 1,
    photometricInterpretation: attributes.string("PhotometricInterpretation") ?? "MONOCHROME2",
    claimedFrames: Number.isInteger(claimed) && claimed > 0 ? claimed : 1,
  });
}

function checked(description: PixelDescription): PixelDescription | Refusal {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, highBit } = description;
  if (!isSize(rows) || !isSize(columns)) return bad("Rows or Columns is absent, zero or not a number");
  if (![1, 3, 4].includes(samplesPerPixel)) return bad("Samples per Pixel is not 1, 3 or 4");
  if (![1, 8, 16, 32, 64].includes(bitsAllocated)) return bad("Bits Allocated is not 1, 8, 16, 32 or 64");
  if (!(bitsStored >= 1 && bitsStored <= bitsAllocated))
    return bad("Bits Stored does not fit Bits Allocated");
  if (!(highBit >= bitsStored - 1 && highBit < bitsAllocated))
    return bad("High Bit does not fit Bits Stored");
  if ((rows * columns * samplesPerPixel * bitsAllocated) / 8 > frameLimitBytes)
    return bad("a frame is larger than the limit");
  return description;
}

const bad = (reason: string): Refusal => refusal("BAD_PIXEL_DESCRIPTION", reason);

function isSize(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= 0xffff;
}

export function samplesPerFrame(description: PixelDescription): number {
  return description.rows * description.columns * description.samplesPerPixel;
}
