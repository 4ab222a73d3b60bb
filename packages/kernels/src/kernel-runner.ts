/** The port through which applications compute. One runner per node process; it owns workers and the engines' memory. */
import type { PlaneGeometry, Volume } from "@releve/domain/volume";
import type { Vec3 } from "@releve/domain/vec3";
import type { CircularScan, Reconstruction, ReconstructionGrid } from "./tomography/circular-scan.ts";

/** How the samples along a ray become one value. */
export type Projection = "max" | "min" | "mean";

/** Values in row order, real-world units; NaN where the plane or ray meets no voxel of the volume. */
export type PlaneValues = { readonly values: Float32Array; readonly engine: string };

/** A view of the volume in colour: parallel rays, one per pixel, from the plane on along `stepLps`. */
export type RenderView = {
  /** Where the rays begin. */
  readonly plane: PlaneGeometry;
  readonly stepLps: Vec3;
  readonly steps: number;
};

/** What a rendering looks like. Between the points the values are linear; before the first and after the last they are constant. */
export type RenderLook = {
  readonly points: readonly {
    /** Real-world value, rising from point to point. */
    readonly value: number;
    /** 0 to 1 each. */
    readonly rgb: Vec3;
    /** Per mm of depth, so that the step's length does not change the picture: alpha = 1 - exp(-opacityPerMm * stepMm). */
    readonly opacityPerMm: number;
  }[];
  /** Blinn-Phong with the light at the eye; 1, 0, 0 is unshaded. */
  readonly ambient: number;
  readonly diffuse: number;
  readonly specular: number;
  readonly shininess: number;
  readonly backgroundRgb: Vec3;
  /** What lies where dot(normalLps, point) > offsetMm is cut away. */
  readonly clip: readonly { readonly normalLps: Vec3; readonly offsetMm: number }[];
};

/** `rgba`: 8 bits each, interleaved, rows * columns * 4 of them; alpha is the ray's opacity before the background is added. */
export type RenderedView = { readonly rgba: Uint8ClampedArray; readonly engine: string };

/**
 * A kernel over voxels that lie at the same place in several volumes: it computes output number `this.thread.y` of the voxel
 * `this.thread.x` from that voxel's samples. A gpu.js function: plain arithmetic, nothing from its module; see README.md.
 */
export type VoxelKernel = {
  /** Names it in self-tests, events and results. */
  readonly name: string;
  /** Called with samples[voxel][frame], then with `tables` and `numbers` in the order of their names. */
  readonly run: (...args: never[]) => number;
  /** The longest loop; gpu.js cuts off longer ones silently. */
  readonly loopMaxIterations: number;
};

export type VoxelTask = {
  readonly kernel: VoxelKernel;
  /** One per frame (b-value, point in time), all of the same length, real-world values. */
  readonly frames: readonly Float32Array[];
  /** Read as [row][column]. */
  readonly tables: Readonly<Record<string, { readonly columns: number; readonly values: Float32Array }>>;
  readonly numbers: Readonly<Record<string, number>>;
  /** How many values each voxel gives. */
  readonly outputs: number;
};

/** `values[output][voxel]`. */
export type VoxelMaps = { readonly values: readonly Float32Array[]; readonly engine: string };

export type KernelRunner = {
  /** Trilinear samples of the volume on each plane. */
  readonly reslice: (
    volume: Volume,
    planes: readonly PlaneGeometry[],
    signal?: AbortSignal,
  ) => AsyncIterable<PlaneValues>;
  /**
   * Slab projections: per pixel, `steps` samples `stepLps` apart, centred on the plane. Samples outside the volume do not count.
   */
  readonly project: (
    volume: Volume,
    slabs: readonly { readonly plane: PlaneGeometry; readonly stepLps: Vec3; readonly steps: number }[],
    projection: Projection,
    signal?: AbortSignal,
  ) => AsyncIterable<PlaneValues>;
  /** Emission and absorption along each ray, front to back. */
  readonly render: (
    volume: Volume,
    views: readonly RenderView[],
    look: RenderLook,
    signal?: AbortSignal,
  ) => AsyncIterable<RenderedView>;
  /** Runs a kernel over every voxel, in parts that fit the engine. */
  readonly mapVoxels: (
    task: VoxelTask,
    signal?: AbortSignal,
    onProgress?: (fraction: number) => void,
  ) => Promise<VoxelMaps>;
  /** Filtered back-projection of parallel beams, or of a cone of them from a source on a circle. */
  readonly reconstruct: (
    scan: CircularScan,
    grid: ReconstructionGrid,
    signal?: AbortSignal,
  ) => Promise<Reconstruction>;
  readonly close: () => Promise<void>;
};
