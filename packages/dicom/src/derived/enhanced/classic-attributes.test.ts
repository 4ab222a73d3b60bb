import { part10, type DataSet } from "@releve/testkit/phantom/part10";
import { studyAttributes } from "@releve/testkit/phantom/study-attributes";
import { expect, test } from "vitest";
import { parseDicom } from "../../data-set/parse-dicom.ts";
import { classicAttributes } from "./classic-attributes.ts";

const enhancedMr = "1.2.840.10008.5.1.4.1.1.4.1";
const enhancedCt = "1.2.840.10008.5.1.4.1.1.2.1";
const legacyCt = "1.2.840.10008.5.1.4.1.1.2.2";

function classicOf(sopClassUid: string, top: DataSet, shared: DataSet, frame: DataSet = {}) {
  const identity = { study: "enhanced", series: "one", seriesNumber: 1, description: "Enhanced" };
  const bytes = part10({
    ...studyAttributes(identity),
    SOPClassUID: sopClassUid,
    SOPInstanceUID: "2.25.2001",
    ...top,
    SharedFunctionalGroupsSequence: [shared],
    PerFrameFunctionalGroupsSequence: [frame],
  });
  return classicAttributes(parseDicom(bytes).attributes, sopClassUid);
}

test.each([
  [{ EchoPulseSequence: "SPIN" }, ["SE"]],
  [{ EchoPulseSequence: "GRADIENT", EchoPlanarPulseSequence: "YES" }, ["GR", "EP"]],
  [{ EchoPulseSequence: "BOTH" }, ["SE", "GR"]],
  [{}, []],
])("an Enhanced MR of %j is scanned by %j", (top, sequence) => {
  expect(classicOf(enhancedMr, top, {}).strings("ScanningSequence")).toEqual(sequence);
});

test("inversion, variants and times come from the functional groups", () => {
  const classic = classicOf(
    enhancedMr,
    { EchoPulseSequence: "SPIN", SegmentedKSpaceTraversal: "PARTIAL", OversamplingPhase: "2D" },
    {
      MRTimingAndRelatedParametersSequence: [
        { RepetitionTime: "2300", FlipAngle: "9", EchoTrainLength: "1" },
      ],
      MRModifierSequence: [{ InversionRecovery: "YES", InversionTimes: [900], Spoiling: "RF" }],
    },
    { MREchoSequence: [{ EffectiveEchoTime: 2.98 }] },
  );
  expect(classic.strings("ScanningSequence")).toEqual(["SE", "IR"]);
  expect(classic.strings("SequenceVariant")).toEqual(["SK", "SP", "OSP"]);
  const times = ["RepetitionTime", "FlipAngle", "InversionTime", "EchoTime"].map((keyword) =>
    classic.number(keyword),
  );
  expect(times).toEqual([2300, 9, 900, 2.98]);
  expect(classic.has("InversionTime")).toBe(true);
});

test("a sequence that is nothing special has the variant NONE", () => {
  expect(
    classicOf(enhancedMr, { SegmentedKSpaceTraversal: "SINGLE" }, {}).strings("SequenceVariant"),
  ).toEqual(["NONE"]);
});

test("an Enhanced CT states its side, scale and kernel in functional groups; the first frame goes before the shared ones", () => {
  const classic = classicOf(
    enhancedCt,
    {},
    {
      FrameAnatomySequence: [{ FrameLaterality: "R" }],
      CTReconstructionSequence: [{ ConvolutionKernel: "B30f" }],
      FrameVOILUTSequence: [{ WindowCenter: "40", WindowWidth: "400" }],
    },
    { FrameVOILUTSequence: [{ WindowCenter: "600", WindowWidth: "2000" }] },
  );
  expect(classic.string("Laterality")).toBe("R");
  expect(classic.string("ConvolutionKernel")).toBe("B30f");
  expect(classic.number("WindowCenter")).toBe(600);
});

test("a Legacy Converted object keeps what it could not place as unassigned, and it is found there", () => {
  const classic = classicOf(legacyCt, {}, { UnassignedSharedConvertedAttributesSequence: [{ KVP: "120" }] });
  expect(classic.number("KVP")).toBe(120);
});

test("a classic source is read as it is", () => {
  const source = parseDicom(
    part10({
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
      SOPInstanceUID: "2.25.1",
      StudyInstanceUID: "2.25.2",
      SeriesInstanceUID: "2.25.3",
    }),
  ).attributes;
  expect(classicAttributes(source, "1.2.840.10008.5.1.4.1.1.2")).toBe(source);
});
