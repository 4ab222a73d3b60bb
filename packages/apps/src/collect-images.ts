/** Gathers what the runner computes into a derived series' images, with progress and the engine's name. */
import type { DerivedImage } from "@releve/dicom/derived/derived-series";
import type { PlaneGeometry } from "@releve/domain/volume";
import type { PlaneValues } from "@releve/kernels/kernel-runner";

export type Collected = { readonly images: readonly DerivedImage[]; readonly engines: ReadonlySet<string> };

/** One image per plane, in order. `onImage` is called after each. */
export async function collectImages(
  computed: AsyncIterable<PlaneValues>,
  planes: readonly PlaneGeometry[],
  thicknessMm: number,
  onImage: () => void,
): Promise<Collected> {
  const images: DerivedImage[] = [];
  const engines = new Set<string>();
  for await (const { values, engine } of computed) {
    const geometry = planes[images.length];
    if (!geometry) throw new Error("the runner gave more planes than were asked for");
    images.push({ geometry, thicknessMm, values });
    engines.add(engine);
    onImage();
  }
  if (images.length < planes.length) throw new Error("the runner gave fewer planes than were asked for");
  return { images, engines };
}

/** Without the images at both ends that lie wholly outside the volume; in between nothing is taken out. */
export function withoutEmptyEnds(images: readonly DerivedImage[]): readonly DerivedImage[] {
  const first = images.findIndex(holdsValues);
  const last = images.findLastIndex(holdsValues);
  return first < 0 ? [] : images.slice(first, last + 1);
}

const holdsValues = (image: DerivedImage) => image.values.some((value) => !Number.isNaN(value));
