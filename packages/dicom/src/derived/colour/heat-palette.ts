/** Black over red and yellow to white, 256 steps: as the pictures show maps, and as most readers know PET. */
import type { Element, Elements } from "../elements.ts";
import { srgbInputProfile } from "./icc-profile.ts";

/** Each of the three rises in its third of the scale: brightness rises throughout, so that it reads in grey too. */
export function heat(shade: number): readonly [number, number, number] {
  const third = (from: number) => Math.min(255, Math.max(0, 3 * shade - from * 255));
  return [third(0), third(1), third(2)];
}

/** Palette Color Lookup Table (PS3.3 C.7.9), 16 bits, and the ICC profile that its colours need. */
export function heatPaletteElements(): Elements {
  const elements = new Map<string, Element>([["ICCProfile", { vr: "OB", words: srgbInputProfile() }]]);
  for (const [channel, name] of ["Red", "Green", "Blue"].entries()) {
    const words = Uint16Array.from({ length: 256 }, (_, shade) => heat(shade)[channel]! * 257);
    elements.set(`${name}PaletteColorLookupTableDescriptor`, { vr: "US", values: [256, 0, 16] });
    elements.set(`${name}PaletteColorLookupTableData`, { vr: "OW", words });
  }
  return elements;
}
