/** Every kind of result goes to Orthanc by C-STORE, as a delivery sends it, and Orthanc tells what it read. */
import { context, coronalSeries, sourceObject, sourceOf } from "@releve/dicom/derived/derived-fixture";
import type { DerivedOutput } from "@releve/dicom/derived/derived-output";
import {
  adcMap,
  inColour,
  lungReport,
  lungs,
  overSource,
  turning,
} from "@releve/dicom/derived/outputs-fixture";
import { writeOutput } from "@releve/dicom/derived/write-output";
import { sendObjects } from "@releve/dicom/dimse/send-objects";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "@releve/dicom/uids/transfer-syntaxes";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { isRefusal } from "@releve/domain/refusal";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startOrthanc, type Orthanc } from "../doors/orthanc.fixture.ts";

let orthanc: Orthanc;
beforeAll(async () => {
  orthanc = await startOrthanc();
});
afterAll(() => orthanc?.stop());

const source = sourceOf(sourceObject("CT"));
const fused = overSource(source.attributes.string("SeriesInstanceUID")!);
const outputs: readonly DerivedOutput[] = [
  coronalSeries(),
  lungs,
  lungReport,
  adcMap,
  turning,
  inColour,
  fused,
];

const written = () =>
  outputs.flatMap((output) => {
    const objects = writeOutput(output, outputs, source, context);
    if (isRefusal(objects)) throw new Error(objects.reason);
    return objects.map((object) => ({ ...object, key: output.key }));
  });

/** What goes to the wire: the file without its preamble and group 0002. */
function dataSetOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(parseDicom(bytes).dataSetOffset);
}

/** What Orthanc reads of one instance. */
async function readByOrthanc(sopInstanceUid: string): Promise<Record<string, unknown>> {
  const found = await orthanc.call("POST", "/tools/find", {
    Level: "Instance",
    Query: { SOPInstanceUID: sopInstanceUid },
  });
  const [id] = found as string[];
  return (await orthanc.call("GET", `/instances/${id}/simplified-tags`)) as Record<string, unknown>;
}

test("Orthanc takes each class and reads its tags", async () => {
  const objects = written();
  const outcomes = await sendObjects(
    {
      host: "127.0.0.1",
      port: orthanc.dicomPort,
      callingAeTitle: "RELEVE",
      calledAeTitle: "ORTHANC",
      maxPduBytes: 65_536,
      connectMs: 5_000,
      responseMs: 20_000,
    },
    objects.map(({ sopClassUid, sopInstanceUid, bytes }) => ({
      sopClassUid,
      sopInstanceUid,
      transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
      open: () => dataSetOf(bytes),
    })),
  );
  expect(outcomes.map((outcome) => outcome.kind === "answered" && outcome.status.status)).toEqual(
    objects.map(() => 0),
  );
  const read = async (key: string) =>
    readByOrthanc(objects.find((object) => object.key === key)!.sopInstanceUid);
  expect(await read("lungs")).toMatchObject({
    Modality: "SEG",
    NumberOfFrames: "3",
    SegmentSequence: [{ SegmentLabel: "left lung" }, { SegmentLabel: "right lung" }],
  });
  const report = await read("lung-report");
  expect(report).toMatchObject({ Modality: "SR", CompletionFlag: "COMPLETE" });
  expect(report["ContentSequence"]).toHaveLength(11);
  expect(await read("adc")).toMatchObject({
    BitsAllocated: "32",
    SharedFunctionalGroupsSequence: [
      { RealWorldValueMappingSequence: [{ MeasurementUnitsCodeSequence: [{ CodeValue: "mm2/s" }] }] },
    ],
  });
  expect(await read("fused")).toMatchObject({
    Modality: "PR",
    BlendingSequence: [{ BlendingPosition: "UNDERLYING" }, { BlendingPosition: "SUPERIMPOSED" }],
  });
  expect(await read("coloured")).toMatchObject({ Modality: "PR", ContentLabel: "COLOUR" });
  expect(await read("turning")).toMatchObject({ PhotometricInterpretation: "RGB", FrameTime: "66.7" });
});
