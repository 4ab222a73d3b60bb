/** The curves of a report: groups whose every number lies somewhere on an axis. The rest are numbers alone. Pure. */
import type { MeasurementReport } from "../app/answers.ts";
import type { Concept } from "./concept-names.ts";

type Group = MeasurementReport["groups"][number];

export type Axis = { readonly concept: Concept; readonly unit: Concept };

/** Curves over the same axis in the same quantity, to be drawn together. */
export type CurveSet = {
  readonly x: Axis;
  readonly y: Axis;
  readonly curves: readonly {
    readonly label: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
};

const isCurve = ({ measurements }: Group): boolean =>
  measurements.length > 1 && measurements.every(({ at }) => at !== undefined);

export const withoutCurves = (report: MeasurementReport): MeasurementReport => ({
  ...report,
  groups: report.groups.filter((group) => !isCurve(group)),
});

export function curveSets({ groups }: MeasurementReport): readonly CurveSet[] {
  const alike = Map.groupBy(groups.filter(isCurve), ({ measurements: [first] }) =>
    [first!.concept, first!.unit, first!.at!.concept, first!.at!.unit].map((one) => one.codeValue).join(" "),
  );
  return [...alike.values()].map((members) => {
    const { concept, unit, at } = members[0]!.measurements[0]!;
    return {
      x: { concept: at!.concept, unit: at!.unit },
      y: { concept, unit },
      curves: members.map(({ label, measurements }) => ({
        label,
        points: measurements.map((point) => [point.at!.value, point.value] as const),
      })),
    };
  });
}

/** Every place on the axis once, rising, with each curve's value there or null. */
export function alignedRows({
  curves,
}: CurveSet): readonly (readonly [x: number, ys: readonly (number | null)[]])[] {
  const places = new Set(curves.flatMap(({ points }) => points.map(([x]) => x)));
  const byPlace = curves.map(({ points }) => new Map(points));
  return [...places]
    .toSorted((a, b) => a - b)
    .map((x) => [x, byPlace.map((values) => values.get(x) ?? null)] as const);
}
