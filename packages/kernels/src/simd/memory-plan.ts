/** Where everything lies in the memory of one volume. Every area begins at a multiple of 64 bytes, a cache line. */

/** Entries of a look's tables are numbered up to this. */
export const tableLast = 8192;
/** Parts of the cosine's table: shade.ts, shineParts. */
export const shineParts = 4096;
/** More planes than this cut nothing that a person would ask for. */
export const clipsMax = 64;

export const pageBytes = 65_536;
const pagesMax = 65_536;

export type MemoryPlan = {
  readonly counter: number;
  readonly colours: number;
  readonly absorbs: number;
  readonly absorbing: number;
  readonly shines: number;
  readonly clips: number;
  readonly ranges: number;
  readonly coarseRanges: number;
  readonly gapFlags: number;
  readonly distances: number;
  readonly blocks: number;
  readonly voxels: number;
  readonly voxelBytes: number;
  /** The pixels lie behind everything else: the memory grows where a plane needs more. */
  readonly pixels: number;
};

/** @returns undefined for a volume that 32-bit addresses cannot reach. */
export function planMemory(columns: number, rows: number, slices: number): MemoryPlan | undefined {
  const blocks = blocksAlong(columns) * blocksAlong(rows) * blocksAlong(slices);
  const voxelBytes = upTo(64, columns * rows * slices * 2);
  // Samples on the last faces load a voxel, a row and a slice too far, with weight 0.
  const padding = (columns * rows + columns) * 2 + 64;
  let next = 1024;
  const area = (bytes: number): number => {
    const at = next;
    next = upTo(64, next + bytes);
    return at;
  };
  const plan = {
    counter: area(4),
    colours: area((tableLast + 2) * 16),
    absorbs: area(tableLast + 2),
    absorbing: area((tableLast + 3) * 4),
    shines: area((shineParts + 2) * 4),
    clips: area(clipsMax * 32),
    ranges: area(blocks * 4),
    coarseRanges: area(blocks * 4),
    gapFlags: area(blocks),
    distances: area(blocks),
    blocks,
    voxels: area(voxelBytes + padding),
    voxelBytes,
    pixels: upTo(pageBytes, next),
  };
  return plan.pixels + largestPlaneBytes <= pagesMax * pageBytes ? plan : undefined;
}

/** 8192 x 8192 pixels. */
export const largestPlaneBytes = 2 ** 28;

const blocksAlong = (count: number) => Math.ceil(count / 8);

function upTo(multiple: number, bytes: number): number {
  return Math.ceil(bytes / multiple) * multiple;
}

/** Imported memory must be shared, and its maximum no more than the module's. */
export function createMemory(plan: MemoryPlan): WebAssembly.Memory {
  return new WebAssembly.Memory({
    initial: plan.pixels / pageBytes,
    maximum: (plan.pixels + largestPlaneBytes) / pageBytes,
    shared: true,
  });
}

/** @throws RangeError for a plane of more pixels than there is room for. */
export function makeRoomForPixels(memory: WebAssembly.Memory, plan: MemoryPlan, bytes: number): void {
  if (bytes > largestPlaneBytes) throw new RangeError(`a plane of ${bytes / 4} pixels`);
  const missing = plan.pixels + bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
}
