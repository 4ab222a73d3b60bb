/**
 * b-value and gradient direction, from the standard's attributes or from where the vendors put them before the standard
 * had any (their DICOM conformance statements): Siemens (0019,100C), GE (0043,1039), Philips (2001,1003).
 */
import type { Attributes } from "../data-set/attributes.ts";
import type { FrameGroups } from "./frame-groups.ts";

/** GE adds 1,000,000,000 to a b-value of some sequences. */
const geOffset = 1e9;

/** s/mm2; undefined where the frame says none. */
export function bValue(groups: FrameGroups): number | undefined {
  const macro = groups.macro("MRDiffusionSequence");
  const standard = macro?.number("DiffusionBValue");
  if (standard !== undefined) return standard;
  // Without a gradient nothing is weighted, and the b-value may then be absent (PS3.3 C.8.13.5.9).
  if (groups.multiFrame && macro?.string("DiffusionDirectionality") === "NONE") return 0;
  const { root } = groups;
  const siemens = root.privateNumbers(0x0019, "SIEMENS MR HEADER", 0x0c)[0];
  const ge = root.privateNumbers(0x0043, "GEMS_PARM_01", 0x39)[0];
  const philips = root.privateNumbers(0x2001, "Philips Imaging DD 001", 0x03)[0];
  return (
    finite(siemens) ?? finite(ge === undefined ? ge : ge >= geOffset ? ge - geOffset : ge) ?? finite(philips)
  );
}

/** "x\y\z" with 5 decimals, undefined for no direction (b = 0, or the mean over directions). In patient space, but for GE. */
export function gradientDirection(groups: FrameGroups): string | undefined {
  const macro = groups.macro("MRDiffusionSequence");
  const nested = macro?.items("DiffusionGradientDirectionSequence")[0];
  const vectors = [
    nested?.numbers("DiffusionGradientOrientation"),
    macro?.numbers("DiffusionGradientOrientation"),
    groups.root.privateNumbers(0x0019, "SIEMENS MR HEADER", 0x0e),
    threeOf(groups.root, 0x2005, "Philips MR Imaging DD 001", 0xb0),
    threeOf(groups.root, 0x0019, "GEMS_ACQU_01", 0xbb),
  ];
  const vector = vectors.find((found) => found?.length === 3 && found.every(Number.isFinite));
  if (!vector || vector.every((component) => Math.abs(component) < 1e-6)) return undefined;
  return vector.map((component) => (Math.round(component * 1e5) / 1e5 || 0).toFixed(5)).join("\\");
}

function threeOf(root: Attributes, group: number, creator: string, first: number): number[] {
  return [0, 1, 2].flatMap((step) => root.privateNumbers(group, creator, first + step).slice(0, 1));
}

const finite = (value: number | undefined) => (Number.isFinite(value) ? value : undefined);
