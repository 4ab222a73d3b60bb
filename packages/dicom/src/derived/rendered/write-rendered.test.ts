import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { parseDicom } from "../../data-set/parse-dicom.ts";
import { decodeFrame } from "../../pixels/decode-frame.ts";
import { context, sourceObject, sourceOf } from "../derived-fixture.ts";
import type { RenderedFrames } from "../derived-output.ts";
import { turning } from "../outputs-fixture.ts";
import { writeRendered } from "./write-rendered.ts";

const source = sourceOf(sourceObject("CT"));

function readBack(more: Partial<RenderedFrames> = {}) {
  const written = writeRendered({ ...turning, ...more }, source, context);
  if (isRefusal(written)) throw new Error(written.reason);
  return parseDicom(written[0]!.bytes);
}

test("every frame has the colours that were rendered", async () => {
  const object = readBack();
  expect(object.warnings).toEqual([]);
  expect(object.sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.7.4");
  expect(object.attributes.number("NumberOfFrames")).toBe(3);
  for (const [index, colours] of turning.frames.entries()) {
    const frame = await decodeFrame(object, index);
    if (isRefusal(frame)) throw new Error(frame.reason);
    expect(frame.samplesPerPixel).toBe(3);
    expect([...frame.pixels]).toEqual([...colours]);
  }
});

test("a cine steps by its frame time, other frames by their number, and one frame not at all", () => {
  const pointer = (object: ReturnType<typeof readBack>) => {
    const bytes = object.attributes.bytes("FrameIncrementPointer");
    return bytes && [...new Uint16Array(bytes.slice().buffer)];
  };
  const cine = readBack();
  expect(pointer(cine)).toEqual([0x18, 0x1063]);
  expect(cine.attributes.number("FrameTime")).toBe(66.7);
  expect(cine.attributes.number("RecommendedDisplayFrameRate")).toBe(15);
  const pages = readBack({ frameTimeMs: 0 });
  expect(pointer(pages)).toEqual([0x18, 0x2001]);
  expect(pages.attributes.numbers("PageNumberVector")).toEqual([1, 2, 3]);
  const still = readBack({ frames: turning.frames.slice(0, 1) });
  expect(pointer(still)).toBeUndefined();
});

test("it says that it is made, of which images, by which derivation, and lies nowhere", () => {
  const { attributes } = readBack();
  expect(attributes.string("ConversionType")).toBe("SYN");
  expect(attributes.string("BurnedInAnnotation")).toBe("NO");
  expect(attributes.items("DerivationCodeSequence")[0]!.string("CodeValue")).toBe("113074");
  expect(attributes.items("SourceImageSequence")).toHaveLength(2);
  expect(attributes.has("FrameOfReferenceUID")).toBe(false);
  expect(attributes.string("PatientID")).toBe("PHANTOM-1");
});

test.each([
  ["no frame", { frames: [] }, "FRAMES_MISSING"],
  ["a short frame", { frames: [turning.frames[0]!, turning.frames[1]!.subarray(1)] }, "FRAME_MISFIT"],
  ["a time that is none", { frameTimeMs: NaN }, "FRAME_TIME_INVALID"],
])("refused: %s", (_, more, code) => {
  expect(writeRendered({ ...turning, ...more }, source, context)).toMatchObject({ refused: code });
});
