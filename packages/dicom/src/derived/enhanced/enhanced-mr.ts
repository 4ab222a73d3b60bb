/** Enhanced MR (PS3.3 C.8.13.3 and C.8.13.4: pulse sequence, timing, echo, modifier) in the words of the MR Image Module. */
import type { Attributes } from "../../data-set/attributes.ts";
import type { Facts } from "./classic-attributes.ts";
import { sideOf } from "./enhanced-ct.ts";

export function enhancedMrFacts(groups: Attributes): Facts {
  const [echo] = groups.items("MREchoSequence");
  const [modifier] = groups.items("MRModifierSequence");
  const [imaging] = groups.items("MRImagingModifierSequence");
  const [anatomy] = groups.items("FrameAnatomySequence");
  return {
    ScanningSequence: scanningSequence(groups, modifier),
    SequenceVariant: sequenceVariant(groups, modifier, imaging),
    SequenceName: known(groups.string("PulseSequenceName")?.slice(0, 16)),
    EchoTime: known(echo?.number("EffectiveEchoTime")),
    InversionTime: known(modifier?.number("InversionTimes")),
    ImagingFrequency: known(groups.number("TransmitterFrequency")),
    ImagedNucleus: known(groups.string("ResonantNucleus")),
    Laterality: sideOf(anatomy?.string("FrameLaterality")),
  };
}

const known = <T extends string | number>(value: T | undefined): readonly T[] | undefined =>
  value === undefined ? undefined : [value];

const echoPulse: Readonly<Record<string, readonly string[]>> = {
  SPIN: ["SE"],
  GRADIENT: ["GR"],
  BOTH: ["SE", "GR"],
};

/** Empty where the source states no echo pulse sequence: the classic attribute must then be refused, not guessed. */
function scanningSequence(groups: Attributes, modifier: Attributes | undefined): readonly string[] {
  const echoes = echoPulse[groups.string("EchoPulseSequence") ?? ""];
  if (!echoes) return [];
  const inversion = modifier?.string("InversionRecovery") === "YES";
  const planar = groups.string("EchoPlanarPulseSequence") === "YES";
  return [...echoes, ...(inversion ? ["IR"] : []), ...(planar ? ["EP"] : [])];
}

function sequenceVariant(
  groups: Attributes,
  modifier: Attributes | undefined,
  imaging: Attributes | undefined,
): readonly string[] {
  const steady = groups.string("SteadyStatePulseSequence");
  const spoiling = groups.string("Spoiling") ?? modifier?.string("Spoiling") ?? "NONE";
  const segmented = groups.string("SegmentedKSpaceTraversal") ?? "SINGLE";
  const transfer = imaging?.string("MagnetizationTransfer") ?? "NONE";
  const oversampled = groups.string("OversamplingPhase") ?? "NONE";
  const variants = [
    ...(segmented === "SINGLE" ? [] : ["SK"]),
    ...(transfer === "NONE" ? [] : ["MTC"]),
    ...(steady === undefined || steady === "NONE" ? [] : [steady === "TIME_REVERSED" ? "TRSS" : "SS"]),
    ...(spoiling === "NONE" ? [] : ["SP"]),
    ...(oversampled === "NONE" ? [] : ["OSP"]),
  ];
  return variants.length > 0 ? variants : ["NONE"];
}
