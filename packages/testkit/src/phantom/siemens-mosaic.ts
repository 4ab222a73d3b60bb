/** A diffusion volume as Siemens stored it: all slices as tiles of one image, the geometry in the CSA header. */
import { add, cross, normalize, scale } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";
import { imageSeries } from "./image-series.ts";
import type { PhantomFile, PrivateElement } from "./part10.ts";

const mrImageStorage = "1.2.840.10008.5.1.4.1.1.4";

export type SiemensMosaic = {
  readonly bValues: readonly number[];
  /** The plane of the first slice. */
  readonly firstPlane: PlaneGeometry;
  readonly slices: number;
  readonly sliceSpacingMm: number;
  /** False leaves the CSA header out. */
  readonly csaHeader?: boolean;
};

/** One image for each b-value. The pixels of slice n hold n * 100 + their row in the tile. */
export function siemensMosaic(options: SiemensMosaic): PhantomFile[] {
  const { firstPlane, slices, sliceSpacingMm, bValues } = options;
  const perSide = Math.ceil(Math.sqrt(slices));
  const whole = mosaicPlane(firstPlane, perSide);
  const normal = normalize(cross(firstPlane.columnStepLps, firstPlane.rowStepLps));
  const csa = csaHeader({ NumberOfImagesInMosaic: [slices], SliceNormalVector: normal });
  return imageSeries({
    identity: { study: "one", series: "mosaic", seriesNumber: 7, description: "Phantom mosaic" },
    sopClassUid: mrImageStorage,
    thicknessMm: sliceSpacingMm,
    attributes: {
      ImageType: ["ORIGINAL", "PRIMARY", "DIFFUSION", "NONE", "ND", "MOSAIC"],
      Modality: "MR",
      SpacingBetweenSlices: String(sliceSpacingMm),
    },
    images: bValues.map((bValue) => ({
      plane: whole,
      pixels: mosaicPixels(firstPlane, whole, perSide, slices),
      privates: [
        ["00190010", "LO", "SIEMENS MR HEADER"],
        ["0019100C", "IS", bValue],
        ...(options.csaHeader === false
          ? []
          : ([
              ["00290010", "LO", "SIEMENS CSA HEADER"],
              ["00291010", "OB", csa.buffer],
            ] as const)),
      ] satisfies PrivateElement[],
    })),
  });
}

/** The imagined slice as large as the mosaic, around the same centre as the first slice. */
function mosaicPlane(first: PlaneGeometry, perSide: number): PlaneGeometry {
  const columns = first.columns * perSide;
  const rows = first.rows * perSide;
  const left = scale(first.columnStepLps, -(columns - first.columns) / 2);
  const up = scale(first.rowStepLps, -(rows - first.rows) / 2);
  return { ...first, columns, rows, originLps: add(add(first.originLps, left), up) };
}

function mosaicPixels(
  tile: PlaneGeometry,
  whole: PlaneGeometry,
  perSide: number,
  slices: number,
): Uint16Array {
  return Uint16Array.from({ length: whole.columns * whole.rows }, (_, index) => {
    const column = Math.floor((index % whole.columns) / tile.columns);
    const row = Math.floor(index / whole.columns);
    const slice = Math.floor(row / tile.rows) * perSide + column;
    return slice < slices ? slice * 100 + (row % tile.rows) : 0;
  });
}

/** Format SV10: a count, then for each tag its name, VR and six items of which the first ones hold values. */
function csaHeader(tags: Readonly<Record<string, readonly number[]>>): Uint8Array<ArrayBuffer> {
  const parts: Buffer[] = [
    Buffer.from("SV10\x04\x03\x02\x01", "latin1"),
    words(Object.keys(tags).length, 77),
  ];
  for (const [name, values] of Object.entries(tags)) {
    const head = Buffer.alloc(64);
    head.write(name, "latin1");
    parts.push(head, words(values.length), Buffer.from("FD\0\0", "latin1"), words(4, 6, 77));
    for (let item = 0; item < 6; item++) {
      const value = values[item];
      const text = value === undefined ? "" : `${value.toFixed(8)}\0`;
      const padded = Buffer.alloc(Math.ceil(text.length / 4) * 4);
      padded.write(text, "latin1");
      parts.push(words(text.length, text.length, 77, text.length), padded);
    }
  }
  return Uint8Array.from(Buffer.concat(parts));
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) buffer.writeInt32LE(value, index * 4);
  return buffer;
}
