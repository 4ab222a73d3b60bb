/** Value representations of PS3.5 section 6.2. */

/** Explicit VR writes these with two reserved bytes and a 32-bit length (PS3.5 7.1.2). */
const longForm = "OB OD OF OL OV OW SQ SV UC UN UR UT UV".split(" ");
const shortForm = "AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split(" ");

export const longFormVrs: ReadonlySet<string> = new Set(longForm);
export const knownVrs: ReadonlySet<string> = new Set([...longForm, ...shortForm]);

/** Text in the characters of Specific Character Set. */
export const charsetVrs: ReadonlySet<string> = new Set(["LO", "LT", "PN", "SH", "ST", "UC", "UT"]);
/** Text in which a backslash is a character and not a separator; leading spaces count. */
export const singleTextVrs: ReadonlySet<string> = new Set(["LT", "ST", "UR", "UT"]);

/** Bytes of one value in the binary VRs, the dictionary's choices read as their usual member. */
export const binaryWidths: ReadonlyMap<string, number> = new Map([
  ...(["AT", "FL", "OF", "OL", "SL", "UL"] as const).map((vr) => [vr, 4] as const),
  ...(["FD", "OD", "OV", "SV", "UV"] as const).map((vr) => [vr, 8] as const),
  ...(["OW", "SS", "US", "ox", "xs", "lt"] as const).map((vr) => [vr, 2] as const),
  ["OB", 1],
]);
