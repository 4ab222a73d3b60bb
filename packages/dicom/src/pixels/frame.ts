/** One decoded frame: stored values in row order, `samplesPerPixel` interleaved. Palette and YBR are not converted here. */
export type Frame = {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly bitsStored: number;
  readonly photometricInterpretation: string;
  readonly pixels:
    | Uint8Array
    | Int8Array
    | Uint16Array
    | Int16Array
    | Uint32Array
    | Int32Array
    | Float32Array
    | Float64Array;
};
