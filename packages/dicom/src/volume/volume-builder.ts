/**
 * Collects slices into one shared block. It keeps stored values in 16 bits as long as one type, slope, intercept and
 * padding serve all slices, and turns to real-world values in 32-bit floats as soon as they do not.
 */
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { GridGeometry, Volume } from "@releve/domain/volume";
import type { Frame } from "../pixels/frame.ts";
import { tooLarge } from "./too-large.ts";
import type { Padding } from "./padding.ts";
import type { Rescale } from "./rescale.ts";

export type Slice = {
  readonly pixels: Frame["pixels"];
  readonly rescale: Rescale;
  readonly padding?: Padding;
};

type Facts = { readonly rescale: Rescale; readonly padding: Padding | undefined };

/** Marks padding, and what is no number, among real values: farther out than any quantity, and exact in 32 bits. */
const realPadding = Math.fround(-3e38);

export class VolumeBuilder {
  readonly #geometry: GridGeometry;
  readonly #budgetBytes: number;
  readonly #facts: (Facts | undefined)[];
  #stored: Int16Array | Uint16Array | undefined;
  #real: Float32Array | undefined;

  constructor(geometry: GridGeometry, budgetBytes: number) {
    this.#geometry = geometry;
    this.#budgetBytes = budgetBytes;
    this.#facts = Array.from<undefined>({ length: geometry.slices });
  }

  /** Puts a slice into its place. */
  add(index: number, slice: Slice): Refusal | undefined {
    if (!this.#real && !this.#takesStored(slice)) {
      const refused = this.#turnToReal();
      if (refused) return refused;
    }
    const facts = { rescale: slice.rescale, padding: slice.padding };
    this.#facts[index] = facts;
    const start = index * this.#sliceSize;
    if (this.#real) writeReal(this.#real.subarray(start, start + this.#sliceSize), slice.pixels, facts);
    else this.#stored!.set(slice.pixels, start);
    return undefined;
  }

  finish(): Volume | Refusal {
    if (this.#facts.some((facts) => facts === undefined)) {
      return refusal("SLICE_MISMATCH", "a slice of the volume is not there");
    }
    const geometry = this.#geometry;
    if (this.#real) {
      return {
        geometry,
        voxels: { kind: "real", values: this.#real },
        padding: { low: realPadding, high: realPadding },
      };
    }
    const { rescale, padding } = this.#facts[0]!;
    return {
      geometry,
      voxels: { kind: "stored", values: this.#stored!, ...rescale },
      ...(padding && { padding }),
    };
  }

  get #sliceSize(): number {
    return this.#geometry.columns * this.#geometry.rows;
  }

  #takesStored(slice: Slice): boolean {
    const type = storedType(slice);
    if (!type) return false;
    if (!this.#stored) {
      const voxels = this.#sliceSize * this.#geometry.slices;
      const memory = new SharedArrayBuffer(voxels * type.BYTES_PER_ELEMENT);
      this.#stored = type === Int16Array ? new Int16Array(memory) : new Uint16Array(memory);
      return true;
    }
    const known = this.#facts.find((facts) => facts !== undefined);
    return this.#stored instanceof type && (known === undefined || sameFacts(known, slice));
  }

  #turnToReal(): Refusal | undefined {
    const voxels = this.#sliceSize * this.#geometry.slices;
    const bytes = voxels * Float32Array.BYTES_PER_ELEMENT;
    const stored = this.#stored;
    // For a moment both stand in memory.
    const peakBytes = bytes + (stored?.byteLength ?? 0);
    if (peakBytes > this.#budgetBytes) return tooLarge(peakBytes, this.#budgetBytes);
    const real = new Float32Array(new SharedArrayBuffer(bytes));
    for (const [index, facts] of this.#facts.entries()) {
      if (!stored || !facts) continue;
      const range = [index * this.#sliceSize, (index + 1) * this.#sliceSize] as const;
      writeReal(real.subarray(...range), stored.subarray(...range), facts);
    }
    this.#real = real;
    this.#stored = undefined;
    return undefined;
  }
}

/** The 16-bit type that holds every stored value of the slice, if there is one. */
function storedType({ pixels }: Slice): Int16ArrayConstructor | Uint16ArrayConstructor | undefined {
  if (pixels instanceof Int16Array || pixels instanceof Int8Array) return Int16Array;
  if (pixels instanceof Uint16Array || pixels instanceof Uint8Array) return Uint16Array;
  return undefined;
}

function sameFacts(known: Facts, { rescale, padding }: Slice): boolean {
  return (
    known.rescale.slope === rescale.slope &&
    known.rescale.intercept === rescale.intercept &&
    known.padding?.low === padding?.low &&
    known.padding?.high === padding?.high
  );
}

function writeReal(target: Float32Array, pixels: ArrayLike<number>, { rescale, padding }: Facts): void {
  const low = padding?.low ?? Number.POSITIVE_INFINITY;
  const high = padding?.high ?? Number.NEGATIVE_INFINITY;
  for (let at = 0; at < target.length; at++) {
    const value = pixels[at]!;
    const padded = (value >= low && value <= high) || Number.isNaN(value);
    target[at] = padded ? realPadding : value * rescale.slope + rescale.intercept;
  }
}
