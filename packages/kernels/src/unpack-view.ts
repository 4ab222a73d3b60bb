/** A view's packed colours and its opacities, from 0 to 255, become interleaved red, green, blue, alpha. */
export function unpackView(colours: Float32Array, opacities: Float32Array): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(colours.length * 4);
  for (let pixel = 0; pixel < colours.length; pixel++) {
    const colour = colours[pixel]!;
    rgba[pixel * 4] = colour >> 16;
    rgba[pixel * 4 + 1] = (colour >> 8) & 255;
    rgba[pixel * 4 + 2] = colour & 255;
    rgba[pixel * 4 + 3] = opacities[pixel]!;
  }
  return rgba;
}
