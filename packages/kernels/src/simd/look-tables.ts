/** A look as tables over stored values, in a volume's memory: assembly/look.ts says how they lie there. */
import type { RenderLook } from "../kernel-runner.ts";
import { lookAt } from "../look-at.ts";
import { shineParts, tableLast, type MemoryPlan } from "./memory-plan.ts";
import type { StoredVolume } from "./stored-volume.ts";

/** The table's first stored value, and its entries per stored value. */
export type TableScale = { readonly low: number; readonly scale: number };

/**
 * Fills the tables. Between entries the engine is linear; the entries are a 8,192nd of the distance from the first point to the
 * last one apart, half a Hounsfield unit of a whole CT range, and a look that changes faster is blurred by that much.
 * Entry 0 is for all that lies below the first point, and entry 1 for that point: were they one, a look that begins to absorb
 * there would make all that lies below absorb too, and nothing of a volume would be passed over.
 */
export function fillLookTables(
  memory: WebAssembly.Memory,
  plan: MemoryPlan,
  volume: StoredVolume,
  look: RenderLook,
  stepMm: number,
): TableScale {
  const { low, high } = storedRange(volume, look);
  const colours = new Float32Array(memory.buffer, plan.colours, (tableLast + 2) * 4);
  for (let entry = 0; entry <= tableLast + 1; entry++) {
    const part = (Math.min(Math.max(entry, 1), tableLast) - 1) / (tableLast - 1);
    const stored = low + part * (high - low);
    const { rgb, opacityPerMm } = lookAt(look, stored * volume.slope + volume.intercept);
    colours.set([...rgb, 1 - Math.exp(-opacityPerMm * stepMm)], entry * 4);
  }
  markAbsorbing(memory, plan, colours);
  fillShines(memory, plan, look);
  if (high === low) return { low, scale: 0 };
  const scale = (tableLast - 1) / (high - low);
  return { low: low - 1 / scale, scale };
}

function storedRange(volume: StoredVolume, { points }: RenderLook) {
  const ends = [points[0]!, points.at(-1)!].map(({ value }) => (value - volume.intercept) / volume.slope);
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

function markAbsorbing(memory: WebAssembly.Memory, plan: MemoryPlan, colours: Float32Array): void {
  const absorbs = new Uint8Array(memory.buffer, plan.absorbs, tableLast + 2);
  const absorbing = new Int32Array(memory.buffer, plan.absorbing, tableLast + 3);
  const alphaOf = (entry: number) => colours[Math.min(entry, tableLast) * 4 + 3]!;
  absorbing[0] = 0;
  for (let entry = 0; entry <= tableLast + 1; entry++) {
    absorbs[entry] = alphaOf(entry) > 0 || alphaOf(entry + 1) > 0 ? 1 : 0;
    absorbing[entry + 1] = absorbing[entry]! + absorbs[entry]!;
  }
}

function fillShines(memory: WebAssembly.Memory, plan: MemoryPlan, look: RenderLook): void {
  const shines = new Float32Array(memory.buffer, plan.shines, shineParts + 2);
  for (let part = 0; part < shines.length; part++)
    shines[part] = look.specular * Math.min(part / shineParts, 1) ** look.shininess;
}
