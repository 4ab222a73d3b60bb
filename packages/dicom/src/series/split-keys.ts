/**
 * The values that may tell one volume of a series from another, in the order in which they are tried.
 *
 * `always`: two values make two volumes, whatever the positions, because mixing them would make wrong numbers.
 * `atRepeats`: tried only where one position holds several images, since in an ordinary series they differ harmlessly
 * (every CT slice has its own Acquisition Time).
 * `ordered`: where every image has its own value, the first image of each position is taken as the first volume, the
 * second as the second, and so on.
 */
import { acquisitionMs, contentMs, unreadableTime } from "./frame-time.ts";
import { bValue, gradientDirection } from "./diffusion.ts";
import { frameNumber, frameString, type FrameGroups } from "./frame-groups.ts";

export type SplitValue = string | number | undefined;
export type SplitValues = Readonly<Record<string, SplitValue>>;

export type SplitKey = {
  readonly name: string;
  readonly when: "always" | "atRepeats";
  readonly ordered: boolean;
  readonly read: (groups: FrameGroups, imageType: readonly string[]) => SplitValue;
};

/** Image Type values that say which part of a complex or Dixon image this is. */
const components: Readonly<Record<string, string>> = {
  M: "MAGNITUDE",
  MAGNITUDE: "MAGNITUDE",
  P: "PHASE",
  PHASE: "PHASE",
  "PHASE MAP": "PHASE",
  R: "REAL",
  REAL: "REAL",
  I: "IMAGINARY",
  IMAGINARY: "IMAGINARY",
  W: "WATER",
  WATER: "WATER",
  F: "FAT",
  FAT: "FAT",
  IP: "IN_PHASE",
  IN_PHASE: "IN_PHASE",
  OP: "OUT_OF_PHASE",
  OPP_PHASE: "OUT_OF_PHASE",
  OUT_PHASE: "OUT_OF_PHASE",
  FIELD_MAP: "FIELD_MAP",
};

const always = (name: string, read: SplitKey["read"]): SplitKey => ({
  name,
  when: "always",
  ordered: false,
  read,
});
const atRepeats = (name: string, read: SplitKey["read"]): SplitKey => ({
  name,
  when: "atRepeats",
  ordered: false,
  read,
});
const ordered = (name: string, read: SplitKey["read"]): SplitKey => ({
  name,
  when: "atRepeats",
  ordered: true,
  read,
});

export const splitKeys: readonly SplitKey[] = [
  always("bValue", (groups) => bValue(groups)),
  always("component", component),
  always("echoNumber", (groups) => groups.root.number("EchoNumbers")),
  atRepeats("gradient", gradientDirection),
  atRepeats("imageType", (_, imageType) => imageType.join("\\")),
  atRepeats("echoTimeMs", (groups) =>
    groups.multiFrame
      ? frameNumber(groups, "MREchoSequence", "EffectiveEchoTime")
      : groups.root.number("EchoTime"),
  ),
  atRepeats(
    "label",
    (groups) =>
      groups.root.string("ASLContext") ??
      groups.root.privateStrings(0x2005, "Philips MR Imaging DD 005", 0x29)[0],
  ),
  atRepeats("temporalPosition", (groups) =>
    groups.multiFrame
      ? frameNumber(groups, "FrameContentSequence", "TemporalPositionIndex")
      : groups.root.number("TemporalPositionIdentifier"),
  ),
  ordered("temporalOffsetSeconds", (groups) =>
    groups.multiFrame
      ? groups.macro("TemporalPositionSequence")?.number("TemporalPositionTimeOffset")
      : undefined,
  ),
  ordered("triggerTimeMs", (groups) =>
    groups.multiFrame
      ? frameNumber(groups, "CardiacSynchronizationSequence", "NominalCardiacTriggerDelayTime")
      : groups.root.number("TriggerTime"),
  ),
  atRepeats("cardiacPhasePercent", (groups) => groups.root.number("NominalPercentageOfCardiacPhase")),
  ordered("frameReferenceTimeMs", (groups) => groups.root.number("FrameReferenceTime")),
  atRepeats("inversionTimeMs", (groups) => groups.root.number("InversionTime")),
  atRepeats("flipAngleDegrees", (groups) =>
    frameNumber(groups, "MRTimingAndRelatedParametersSequence", "FlipAngle"),
  ),
  atRepeats("kernel", (groups) => frameString(groups, "CTReconstructionSequence", "ConvolutionKernel")),
  atRepeats("kilovolt", (groups) => frameNumber(groups, "CTXRayDetailsSequence", "KVP")),
  atRepeats("stack", (groups) => groups.macro("FrameContentSequence")?.string("StackID")),
  atRepeats("dimension", (groups) => otherDimensions(groups)),
  atRepeats("acquisitionNumber", (groups) =>
    groups.multiFrame
      ? groups.macro("FrameContentSequence")?.number("FrameAcquisitionNumber")
      : groups.root.number("AcquisitionNumber"),
  ),
  ordered("acquisitionMs", acquisitionMs),
  ordered("unreadableTime", unreadableTime),
  ordered("contentMs", contentMs),
];

/** Undefined for an image that is no part of a complex or Dixon one. */
function component(groups: FrameGroups, imageType: readonly string[]): string | undefined {
  const complex = groups.macro("MRImageFrameTypeSequence")?.string("ComplexImageComponent");
  const named = [...imageType.slice(2), ...(complex ? [complex] : [])].flatMap((value) =>
    Object.hasOwn(components, value) ? [components[value]!] : [],
  );
  return [...new Set(named)].join("+") || undefined;
}

export function readSplitValues(groups: FrameGroups, imageType: readonly string[]): SplitValues {
  return Object.fromEntries(splitKeys.map(({ name, read }) => [name, read(groups, imageType)]));
}

/** Stack ID, In-Stack Position Number and Image Position (Patient) are space; every other dimension tells volumes apart. */
const spatialPointers = new Set(["00209056", "00209057", "00200032"]);

function otherDimensions(groups: FrameGroups): string | undefined {
  if (!groups.multiFrame) return undefined;
  const indices = groups.macro("FrameContentSequence")?.numbers("DimensionIndexValues") ?? [];
  const pointers = groups.root
    .items("DimensionIndexSequence")
    .map((item) => item.string("DimensionIndexPointer"));
  const other = indices.filter((_, at) => pointers[at] && !spatialPointers.has(pointers[at]));
  return other.length > 0 ? other.join("\\") : undefined;
}
