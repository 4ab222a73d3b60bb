/** Reformats the volume along the path: one image for each cut, and cross sections where they were asked for. */
import type { DerivedSeries } from "@releve/dicom/derived/derived-series";
import type { DerivedOutput, UnplacedImage, UnplacedImages } from "@releve/dicom/derived/derived-output";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import { length } from "@releve/domain/vec3";
import { lpsToVoxel, type GridGeometry } from "@releve/domain/volume";
import type { PlaneValues } from "@releve/kernels/kernel-runner";
import type { ApplicationResult, ComputeContext } from "../application.ts";
import { collectImages } from "../collect-images.ts";
import { curvedMultiplanarReformatting, multiplanarReformatting } from "../derivation-codes.ts";
import { mm } from "../geometry/plane-stack.ts";
import { refuseUnlessRegular, volumeRemarks } from "../image-volume.ts";
import { crossSections } from "./cross-sections.ts";
import { straightenedImage, stretchedImage, type CurvedImage } from "./curved-rows.ts";
import type { CurvedParameters } from "./parameters.ts";
import { pathFrames, tightestBendMm } from "./path-frames.ts";
import { drawPath } from "./path-drawing.ts";
import { pathThrough, type Path } from "./path.ts";

/** Pixels of a row or column at most. */
const sizeMax = 2048;
const lengthMinMm = 1;

/** Half a voxel beyond the outermost centres still is the volume; a point farther off was drawn on another one. */
export function refuseCurved(plan: VolumePlan, { pathLps }: CurvedParameters): Refusal | undefined {
  const refused = refuseUnlessRegular(plan);
  if (refused) return refused;
  const { columns, rows, slices } = plan.geometry;
  const toVoxel = lpsToVoxel(plan.geometry);
  const outside = pathLps.filter((point) => {
    const at = toVoxel(point);
    return [columns, rows, slices].some((count, axis) => at[axis]! < -0.5 || at[axis]! > count - 0.5);
  });
  return outside.length === 0
    ? undefined
    : refusal(
        "PATH_OUTSIDE",
        `${outside.length} of ${pathLps.length} points of the path lie outside the volume.`,
      );
}

export async function computeCurved(
  context: ComputeContext<CurvedParameters>,
): Promise<ApplicationResult | Refusal> {
  const { parameters, runner, signal } = context;
  const [{ volume, plan }] = context.inputs;
  const refused = refuseCurved(plan, parameters);
  if (refused) return refused;
  const path = pathThrough(parameters.pathLps);
  if (path.lengthMm < lengthMinMm)
    return refusal("PATH_TOO_SHORT", `The path is ${mm(path.lengthMm)} long; at least ${mm(lengthMinMm)}.`);
  const spacing = spacingFor(volume.geometry, path, parameters);
  const { spacingMm } = spacing;
  const laidOut = layOut(path, parameters, spacingMm);
  if (!laidOut)
    return refusal(
      "PATH_ALONG_ROWS",
      "The path runs along the direction of the rows: there is nothing to stretch.",
    );
  const sections = parameters.crossSections && crossSections(path, parameters.crossSections, spacingMm);
  const rows = laidOut.images.flatMap((image) => image.rows);
  const total = rows.length + (sections?.planes.length ?? 0);
  let done = 0;
  const onPlane = () => context.onProgress(++done / total);
  const curved = await collectRows(runner.reslice(volume, rows, signal), laidOut.images, spacingMm, onPlane);
  if (!curved.images.some(({ values }) => values.some((value) => !Number.isNaN(value))))
    return refusal("NOTHING_MEASURED", "Every voxel along the path is padding.");
  const drawn = drawPath(context.inputs[0], path);
  const outputs: DerivedOutput[] = [curvedOutput(parameters, path, spacingMm, curved.images)];
  const engines = new Set(curved.engines);
  if (sections) {
    const computed = runner.reslice(volume, sections.planes, signal);
    const collected = await collectImages(computed, sections.planes, sections.intervalMm, onPlane);
    for (const engine of collected.engines) engines.add(engine);
    outputs.push(sectionsOutput(sections.intervalMm, collected.images));
  }
  const limits = [...spacing.limits, ...(sections?.limits ?? [])];
  return {
    outputs: [...outputs, ...drawn.outputs],
    engine: [...engines].join(", "),
    remarks: [...laidOut.remarks, placeRemark(path), ...drawn.remarks, ...volumeRemarks(plan), ...limits],
  };
}

/** A curved image has no frame of reference of its own to state: this is how it lies in the source's. */
function placeRemark(path: Path): string {
  const at = (alongMm: number) =>
    path
      .at(alongMm)
      .pointLps.map((part) => part.toFixed(1))
      .join(", ");
  return `The image lies in no plane: in the source's frame of reference the path goes from (${at(0)}) to (${at(path.lengthMm)}), LPS mm.`;
}

function spacingFor(grid: GridGeometry, { lengthMm }: Path, parameters: CurvedParameters) {
  const finest = Math.min(...[grid.columnStepLps, grid.rowStepLps, grid.sliceStepLps].map(length));
  const asked = parameters.spacingMm ?? finest;
  const longest = Math.max(lengthMm + parameters.widthMm, parameters.widthMm);
  const spacingMm = Math.max(asked, longest / (sizeMax - 2));
  const limit = `Pixels of ${mm(spacingMm)} instead of ${mm(asked)}: at most ${sizeMax} a row or column.`;
  return { spacingMm, limits: spacingMm > asked * (1 + 1e-9) ? [limit] : [] };
}

type LaidOut = { readonly images: readonly CurvedImage[]; readonly remarks: readonly string[] };

function layOut(path: Path, { mode, widthMm }: CurvedParameters, spacingMm: number): LaidOut | undefined {
  const measured = `The path is ${mm(Number(path.lengthMm.toFixed(1)))} long.`;
  const method = `Trilinear interpolation; pixels of ${mm(spacingMm)}, true along the path.`;
  if (mode.kind === "stretched") {
    const image = stretchedImage(path, mode.alongLps, widthMm, spacingMm);
    return image && { images: [image], remarks: [measured, method] };
  }
  const frames = pathFrames(path, spacingMm, Math.floor(path.lengthMm / spacingMm + 1e-6) + 1);
  const angles = Array.from({ length: mode.cuts }, (_, cut) => (cut * Math.PI) / mode.cuts);
  const bendMm = tightestBendMm(frames, spacingMm);
  const twice = `The path bends with a radius of ${mm(Number(bendMm.toFixed(1)))}: farther off on the inside of the bend tissue shows twice.`;
  return {
    images: angles.map((angle) => straightenedImage(frames, widthMm, spacingMm, angle)),
    remarks: [measured, method, ...(bendMm < widthMm / 2 ? [twice] : [])],
  };
}

/** Puts each image together from its rows, in order. */
async function collectRows(
  computed: AsyncIterable<PlaneValues>,
  images: readonly CurvedImage[],
  spacingMm: number,
  onRow: () => void,
): Promise<{ readonly images: readonly UnplacedImage[]; readonly engines: ReadonlySet<string> }> {
  const whole = images.map(({ columns, rows }) => ({
    columns,
    rows: rows.length,
    spacingMm,
    values: new Float32Array(columns * rows.length),
  }));
  const engines = new Set<string>();
  const places = whole.flatMap((image) => Array.from({ length: image.rows }, (_, row) => ({ image, row })));
  let index = 0;
  for await (const { values, engine } of computed) {
    const { image, row } = places[index++]!;
    image.values.set(values, row * image.columns);
    engines.add(engine);
    onRow();
  }
  if (index < places.length) throw new Error("the runner gave fewer rows than were asked for");
  return { images: whole, engines };
}

function curvedOutput(
  { mode, widthMm }: CurvedParameters,
  path: Path,
  spacingMm: number,
  views: readonly UnplacedImage[],
): UnplacedImages {
  const way = mode.kind === "stretched" ? `stretched along ${mode.alongLps.join(" ")} LPS` : "straightened";
  return {
    kind: "unplaced",
    key: `curved-${mode.kind}`,
    seriesDescription: `Curved MPR ${mode.kind} ${mm(Math.round(path.lengthMm))}`,
    imageTypeValues: ["CURVED_MPR"],
    derivationDescription: `Curved multiplanar reformatting along a drawn path of ${mm(path.lengthMm)}, ${way}, trilinear, ${mm(widthMm)} wide, pixels of ${mm(spacingMm)}`,
    derivationCode: curvedMultiplanarReformatting,
    views,
  };
}

const sectionsOutput = (intervalMm: number, images: DerivedSeries["images"]): DerivedSeries => ({
  kind: "images",
  key: "curved-sections",
  seriesDescription: `Sections of the path ${mm(intervalMm)}`,
  imageTypeValues: ["MPR"],
  derivationDescription: `Planes perpendicular to a drawn path every ${mm(intervalMm)}, trilinear`,
  derivationCode: multiplanarReformatting,
  images,
});
