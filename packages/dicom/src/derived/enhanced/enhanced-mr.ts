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
    SequenceVariant: sequenceVariant([groups, modifier, imaging]),
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

/** What an Enhanced MR attribute says of the sequence, and the classic Defined Term for it; other values say nothing. */
const variantTerms: readonly (readonly [keyword: string, terms: Readonly<Record<string, string>>])[] = [
  ["SegmentedKSpaceTraversal", { PARTIAL: "SK", FULL: "SK" }],
  ["MagnetizationTransfer", { ON_RESONANCE: "MTC", OFF_RESONANCE: "MTC" }],
  [
    "SteadyStatePulseSequence",
    { FREE_PRECESSION: "SS", TRANSVERSE: "SS", LONGITUDINAL: "SS", TIME_REVERSED: "TRSS" },
  ],
  ["Spoiling", { RF: "SP", GRADIENT: "SP", RF_AND_GRADIENT: "SP" }],
  ["OversamplingPhase", { "2D": "OSP", "3D": "OSP", "2D_3D": "OSP" }],
];

/** PS3.3 places these on the data set itself or in the MR Modifier and MR Imaging Modifier groups. */
function sequenceVariant(holders: readonly (Attributes | undefined)[]): readonly string[] {
  const variants = variantTerms.flatMap(([keyword, terms]) => {
    const stated = holders.map((holder) => holder?.string(keyword)).find((value) => value !== undefined);
    return terms[stated ?? ""] ?? [];
  });
  return variants.length > 0 ? variants : ["NONE"];
}
