import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { parseDicom } from "../../data-set/parse-dicom.ts";
import { decodeFrame } from "../../pixels/decode-frame.ts";
import { context, sourceObject, sourceOf } from "../derived-fixture.ts";
import { straightened } from "../outputs-fixture.ts";
import { writeUnplaced } from "./write-unplaced.ts";

function readBack(modality: "CT" | "MR" | "PT" = "CT") {
  const written = writeUnplaced(straightened, sourceOf(sourceObject(modality)), context);
  if (isRefusal(written)) throw new Error(written.reason);
  return written.map(({ bytes }) => parseDicom(bytes));
}

test.each(["CT", "MR", "PT"] as const)(
  "from %s: values come back in the source's unit, and the outside as padding",
  async (modality) => {
    for (const [index, object] of readBack(modality).entries()) {
      expect(object.warnings).toEqual([]);
      const { attributes } = object;
      const frame = await decodeFrame(object, 0);
      if (isRefusal(frame)) throw new Error(frame.reason);
      const stored = new Int16Array(
        Uint8Array.from(new Uint8Array(frame.pixels.buffer, frame.pixels.byteOffset, 24)).buffer,
      );
      const slope = attributes.number("RescaleSlope")!;
      const intercept = attributes.number("RescaleIntercept")!;
      expect(stored[0]).toBe(attributes.number("PixelPaddingValue"));
      const real = [...stored].slice(1).map((value) => value * slope + intercept);
      const wanted = [...straightened.views[index]!.values].slice(1);
      real.forEach((value, at) =>
        expect(Math.abs(value - wanted[at]!)).toBeLessThanOrEqual(slope / 2 + 1e-6),
      );
      expect(attributes.string("RescaleType")).toBe(modality === "CT" ? "HU" : "US");
    }
  },
);

test("it has a scale and no place: neither plane nor frame of reference, and says what it is", () => {
  const objects = readBack();
  expect(new Set(objects.map(({ sopInstanceUid }) => sopInstanceUid)).size).toBe(2);
  expect(new Set(objects.map(({ seriesInstanceUid }) => seriesInstanceUid)).size).toBe(1);
  for (const [index, { attributes, sopClassUid }] of objects.entries()) {
    expect(sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.7");
    expect(attributes.strings("ImageType")).toEqual(["DERIVED", "SECONDARY", "CURVED_MPR"]);
    expect(attributes.numbers("PixelSpacing")).toEqual([0.4, 0.4]);
    expect(attributes.number("InstanceNumber")).toBe(index + 1);
    for (const keyword of ["ImagePositionPatient", "ImageOrientationPatient", "FrameOfReferenceUID"] as const)
      expect(attributes.has(keyword)).toBe(false);
    expect(attributes.string("PatientID")).toBe("PHANTOM-1");
  }
});
