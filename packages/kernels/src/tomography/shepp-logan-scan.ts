/** Projections of the Shepp-Logan phantom: closed forms, from a source on a circle or from parallel beams. */
import { offCentre, perSource, type CircularScan } from "./circular-scan.ts";
import { lineIntegral } from "./shepp-logan.ts";

/** `turnRad`: over how much of the circle the angles are spread evenly. */
export type ScanShape = Omit<CircularScan, "projections" | "anglesRad"> & {
  readonly angleCount: number;
  readonly turnRad: number;
};

export function sheppLoganScan({ angleCount, turnRad, ...detector }: ScanShape): CircularScan {
  const { binCount, rowCount, binMm, rowMm } = detector;
  const anglesRad = Array.from({ length: angleCount }, (_, index) => (turnRad * index) / angleCount);
  const p = perSource(detector);
  const projections = new Float32Array(angleCount * rowCount * binCount);
  let at = 0;
  for (const angle of anglesRad) {
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    for (let row = 0; row < rowCount; row++)
      for (let bin = 0; bin < binCount; bin++) {
        const u = offCentre(bin, binCount, binMm);
        const v = offCentre(row, rowCount, rowMm);
        const long = Math.hypot(1, u * p, v * p);
        projections[at++] = lineIntegral(
          [-u * sine, u * cosine, v],
          [(-u * sine * p - cosine) / long, (u * cosine * p - sine) / long, (v * p) / long],
        );
      }
  }
  return { ...detector, anglesRad, projections };
}
