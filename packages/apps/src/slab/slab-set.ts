/** The slabs of one request, as pure geometry, and how their images are told about. */
import type { Vec3 } from "@releve/domain/vec3";
import type { PlaneGeometry } from "@releve/domain/volume";

export type SlabGeometry = { readonly plane: PlaneGeometry; readonly stepLps: Vec3; readonly steps: number };

export type SlabSet = {
  /** What the kernels compute. */
  readonly slabs: readonly SlabGeometry[];
  /** Images that equal a computed one seen from behind: the same pixels with each row turned round. */
  readonly mirrored: readonly { readonly plane: PlaneGeometry; readonly of: number }[];
  readonly thicknessMm: number;
  readonly limits: readonly string[];
};
