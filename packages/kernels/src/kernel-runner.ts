/** The port through which applications compute. One runner per node process; it owns workers and the engines' memory. */
import type { PlaneGeometry, Volume } from "@releve/domain/volume";
import type { Vec3 } from "@releve/domain/vec3";

/** How the samples along a ray become one value. */
export type Projection = "max" | "min" | "mean";

/** Values in row order, real-world units; NaN where the plane or ray meets no voxel of the volume. */
export type PlaneValues = { readonly values: Float32Array; readonly engine: string };

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
  readonly close: () => Promise<void>;
};
