/**
 * Real-world values to 16-bit stored values: stored = round((value - intercept) / slope). The step is a fraction of the
 * source's own where 16 bits allow, so that the source's values stay exact and interpolated ones keep their worth.
 */
import { decimalString } from "./decimal-string.ts";

export type StoredScale = {
  readonly slope: number;
  readonly intercept: number;
  readonly signed: boolean;
  /** A stored value that no real-world value of the series becomes; absent where nothing lies outside the volume. */
  readonly padding?: number;
};

export type ValueRange = {
  readonly min: number;
  readonly max: number;
  readonly hasPadding: boolean;
};

/** Padding lies below all values, so that a viewer that ignores it shows black and finds no false maximum. */
const signedScale = { signed: true, low: -32_767, high: 32_767, padding: -32_768 } as const;
const unsignedScale = { signed: false, low: 0, high: 65_535 } as const;
type Bits = typeof signedScale | typeof unsignedScale;

/** Finer than a sixteenth of the source's step says nothing more of interpolated values. */
const stepDivisors = [16, 8, 4, 2] as const;

export function rangeOf(images: readonly { readonly values: Float32Array }[]): ValueRange {
  let min = Infinity;
  let max = -Infinity;
  let hasPadding = false;
  for (const { values } of images)
    for (const value of values) {
      if (!Number.isFinite(value)) hasPadding = true;
      else {
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
  return min <= max ? { min, max, hasPadding } : { min: 0, max: 0, hasPadding };
}

/**
 * `sourceStep`: the source's rescale slope in real-world units, where it has one. `zeroIntercept`: PET allows no other;
 * it then takes all 16 bits for values where there is nothing outside the volume and nothing below zero.
 */
export function chooseScale(
  range: ValueRange,
  options: { readonly sourceStep?: number | undefined; readonly zeroIntercept: boolean },
): StoredScale {
  const { sourceStep, zeroIntercept } = options;
  const bits = zeroIntercept && !range.hasPadding && range.min >= 0 ? unsignedScale : signedScale;
  const fraction = sourceStep && Math.abs(sourceStep);
  const scale =
    (fraction && Number.isFinite(fraction) && fractionOfStep(range, bits, fraction, zeroIntercept)) ||
    wholeRange(range, bits, zeroIntercept);
  return { ...scale, signed: bits.signed, ...("padding" in bits && { padding: bits.padding }) };
}

type Line = { readonly slope: number; readonly intercept: number };

function fractionOfStep(
  range: ValueRange,
  bits: Bits,
  step: number,
  zeroIntercept: boolean,
): Line | undefined {
  const middle = Math.round((range.min + range.max) / 2 / step) * step;
  const intercepts = zeroIntercept ? [0] : [0, middle];
  return intercepts
    .flatMap((intercept) => stepDivisors.map((divisor) => writtenLine(step / divisor, intercept)))
    .find((line) => fits(range, bits, line));
}

/** Too wide for half the source's step, or no step known: as fine as the bits allow. */
function wholeRange(range: ValueRange, bits: Bits, zeroIntercept: boolean): Line {
  // As it will be read: a Decimal String has not always room for the exact middle.
  const intercept = zeroIntercept ? 0 : Number(decimalString((range.min + range.max) / 2));
  const upward = (range.max - intercept) / bits.high;
  const downward = bits.low === 0 ? 0 : (range.min - intercept) / bits.low;
  const slope = Math.max(upward, downward);
  if (!(slope > 0)) return writtenLine(1, intercept);
  // Decimal strings round; a step that is larger by a few parts in a billion always leaves room for that.
  return writtenLine(slope * (1 + 1e-8), intercept);
}

/** The line as a reader will see it. */
function writtenLine(slope: number, intercept: number): Line {
  return { slope: Number(decimalString(slope)), intercept: Number(decimalString(intercept)) };
}

function fits(range: ValueRange, bits: Bits, { slope, intercept }: Line): boolean {
  const lowest = Math.round((range.min - intercept) / slope);
  const highest = Math.round((range.max - intercept) / slope);
  return slope > 0 && lowest >= bits.low && highest <= bits.high;
}

/** Stored values in the order given. NaN becomes padding. @throws RangeError for a value that the scale does not hold. */
export function quantise(values: Float32Array, scale: StoredScale): Int16Array | Uint16Array {
  const { slope, intercept, signed, padding } = scale;
  const bits = signed ? signedScale : unsignedScale;
  const stored = signed ? new Int16Array(values.length) : new Uint16Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const step = Number.isFinite(value) ? Math.round((value - intercept) / slope) : padding;
    if (step === undefined || (step !== padding && (step < bits.low || step > bits.high)))
      throw new RangeError("a value outside the range that the scale was chosen for");
    stored[index] = step;
  }
  return stored;
}
