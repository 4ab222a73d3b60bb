/** How stored values look, as tables that the caller has filled: rendering-rules.ts says what they mean. */

/** The tables' last index; entry 0 is for `tableLow`, one entry further for 1 / `tableScale` more. One entry more follows. */
export let tableLast: f32 = 0;
export let tableLow: f32 = 0;
export let tableScale: f32 = 0;
/** Per entry 4 float32: red, green, blue, the alpha of one step. */
export let colours: usize = 0;
/** Per entry 1 byte: 1 where that entry or the next one absorbs. */
export let absorbs: usize = 0;
/** Per entry 4 bytes: how many of the entries before it absorb. */
let absorbing: usize = 0;
export let ambient: f32 = 0;
export let diffuse: f32 = 0;
/** specular * cosine^shininess for cosines of 0 to 1 in 4096 parts, one entry more follows. */
export let shines: usize = 0;

export const shineParts: f32 = 4096;

export function setLook(
  low: f32,
  scale: f32,
  last: i32,
  coloursAt: usize,
  absorbsAt: usize,
  absorbingAt: usize,
  shinesAt: usize,
  ambientLight: f32,
  diffuseLight: f32,
): void {
  tableLow = low;
  tableScale = scale;
  tableLast = <f32>last;
  colours = coloursAt;
  absorbs = absorbsAt;
  absorbing = absorbingAt;
  shines = shinesAt;
  ambient = ambientLight;
  diffuse = diffuseLight;
}

/** Places in the tables of four stored values, not yet rounded down; that of NaN is 0. */
@inline
export function entries(stored: v128): v128 {
  const place = f32x4.mul(f32x4.sub(stored, f32x4.splat(tableLow)), f32x4.splat(tableScale));
  return f32x4.pmin(f32x4.pmax(f32x4.splat(0), place), f32x4.splat(tableLast));
}

@inline
function entry(stored: i32): i32 {
  return <i32>min(max((<f32>stored - tableLow) * tableScale, 0), tableLast);
}

/** Whether any value from `low` to `high` absorbs. */
export function anyAbsorbs(low: i32, high: i32): bool {
  const before = load<i32>(absorbing + (<usize>entry(low) << 2));
  return load<i32>(absorbing + (<usize>(entry(high) + 1) << 2)) > before;
}
