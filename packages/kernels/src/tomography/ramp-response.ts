/** What the ramp filter (`ramp-filter.ts`) does to each frequency, for a convolution by Fourier transforms, as `assembly/fourier.ts` wants it. */

/** The power of two in which a row and the filter's reach do not meet around the end. */
export const transformLog = (binCount: number): number => Math.max(2, Math.ceil(Math.log2(2 * binCount - 1)));

/** Times `gain`, and divided by the length. The bits of the index are reversed: that is the order in which `forward` leaves them. */
export function rampResponse(binCount: number, binMm: number, gain: number): Float32Array {
  const log = transformLog(binCount);
  const length = 2 ** log;
  const response = new Float32Array(length);
  for (let frequency = 0; frequency <= length / 2; frequency++) {
    let sum = 1 / 4;
    for (let apart = 1; apart < binCount; apart += 2)
      sum -= (2 * Math.cos((2 * Math.PI * frequency * apart) / length)) / (apart * Math.PI) ** 2;
    const value = (sum * gain) / binMm / length;
    response[reversed(frequency, log)] = value;
    response[reversed((length - frequency) % length, log)] = value;
  }
  return response;
}

function reversed(index: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result |= ((index >> bit) & 1) << (bits - 1 - bit);
  return result;
}

/** Cosine and sine of 2 pi k / length. */
export function turns(log: number): Float32Array {
  const length = 2 ** log;
  return Float32Array.from({ length: 2 * length }, (_, at) => {
    const angle = (2 * Math.PI * (at >> 1)) / length;
    return at % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
  });
}
