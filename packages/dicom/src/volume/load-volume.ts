/** A plan becomes a volume in memory: frames decoded, stored values kept where one slope serves all, nothing rounded. */
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { SliceSource, VolumePlan } from "@releve/domain/series-split";
import type { Volume } from "@releve/domain/volume";
import type { DicomObject } from "../data-set/dicom-object.ts";
import { parseDicom } from "../data-set/parse-dicom.ts";
import { decodeFrame } from "../pixels/decode-frame.ts";
import type { Frame } from "../pixels/frame.ts";
import { functionalGroups } from "../series/frame-groups.ts";
import { readPadding } from "./padding.ts";
import { readRescale, type Rescale } from "./rescale.ts";
import { tooLarge } from "./too-large.ts";
import { VolumeBuilder, type Slice } from "./volume-builder.ts";

export type LoadOptions = {
  /** What the volume may occupy; a larger one is refused with the numbers. */
  readonly budgetBytes: number;
  readonly signal?: AbortSignal;
};

/** Files in memory at once while loading. */
const filesAtOnce = 4;

/**
 * @returns a Refusal naming why the volume cannot be made: VOLUME_TOO_LARGE, SLICE_MISMATCH, COLOUR_PIXELS, or what the
 *   decoder and the rescale say.
 * @throws what `read` throws, DicomFault for a file that is no DICOM any more, and the signal's reason.
 */
export async function loadVolume(
  plan: VolumePlan,
  read: (digest: string) => Promise<Uint8Array>,
  options: LoadOptions,
): Promise<Volume | Refusal> {
  const { columns, rows, slices } = plan.geometry;
  const bytes = columns * rows * slices * Int16Array.BYTES_PER_ELEMENT;
  if (bytes > options.budgetBytes) return tooLarge(bytes, options.budgetBytes);
  const builder = new VolumeBuilder(plan.geometry, options.budgetBytes);
  const files = [...Map.groupBy(plan.slices.entries(), ([, slice]) => slice.digest)];
  const refusals: Refusal[] = [];
  const loadFiles = async () => {
    for (let file = files.shift(); file !== undefined; file = files.shift()) {
      options.signal?.throwIfAborted();
      const refused = await loadFile(plan, await read(file[0]), file[1], builder);
      if (refused) refusals.push(refused);
      if (refused) files.length = 0;
    }
  };
  try {
    await Promise.all(Array.from({ length: filesAtOnce }, loadFiles));
  } finally {
    // One that failed ends the others, each after the file in its hands.
    files.length = 0;
  }
  return refusals[0] ?? builder.finish();
}

async function loadFile(
  plan: VolumePlan,
  bytes: Uint8Array,
  slices: readonly (readonly [number, SliceSource])[],
  builder: VolumeBuilder,
): Promise<Refusal | undefined> {
  const object = parseDicom(bytes);
  const groups = functionalGroups(object.attributes);
  for (const [index, source] of slices) {
    const slice = await readSlice(plan, object, groups[source.frameIndex], source);
    const refused = isRefusal(slice) ? slice : builder.add(index, slice);
    if (refused) return refused;
  }
  return undefined;
}

async function readSlice(
  plan: VolumePlan,
  object: DicomObject,
  groups: ReturnType<typeof functionalGroups>[number] | undefined,
  source: SliceSource,
): Promise<Slice | Refusal> {
  const frame = await decodeFrame(object, source.frameIndex);
  if (isRefusal(frame)) return frame;
  if (frame.samplesPerPixel !== 1)
    return refusal("COLOUR_PIXELS", "its pixels are colours, not one value each");
  const rescale = rescaleOf(object, groups);
  if (isRefusal(rescale)) return rescale;
  const { columns, rows } = source.tile ?? frame;
  const { geometry } = plan;
  if (columns !== geometry.columns || rows !== geometry.rows) {
    const sizes = `${columns} x ${rows} pixels, the volume has ${geometry.columns} x ${geometry.rows}`;
    return refusal("SLICE_MISMATCH", `a slice has ${sizes}`);
  }
  const pixels = cut(frame, source);
  if (!pixels) return refusal("SLICE_MISMATCH", "a mosaic is smaller than its tiles");
  const padding = readPadding(object.attributes);
  return { pixels, rescale, ...(padding && { padding }) };
}

function rescaleOf(
  object: DicomObject,
  groups: ReturnType<typeof functionalGroups>[number] | undefined,
): Rescale | Refusal {
  const own = readRescale(groups?.macro("PixelValueTransformationSequence"));
  return own ?? readRescale(object.attributes) ?? { slope: 1, intercept: 0 };
}

/** The frame's pixels, or those of the tile where the frame is a mosaic; undefined where the tile leaves the frame. */
function cut(frame: Frame, { tile }: SliceSource): Frame["pixels"] | undefined {
  if (!tile) return frame.pixels;
  if (tile.column + tile.columns > frame.columns || tile.row + tile.rows > frame.rows) return undefined;
  const part = frame.pixels.slice(0, tile.columns * tile.rows);
  for (let row = 0; row < tile.rows; row++) {
    const start = (tile.row + row) * frame.columns + tile.column;
    part.set(frame.pixels.subarray(start, start + tile.columns), row * tile.columns);
  }
  return part;
}
