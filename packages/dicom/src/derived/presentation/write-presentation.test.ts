import { derivedUid } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { expect, test } from "vitest";
import { parseDicom } from "../../data-set/parse-dicom.ts";
import { heat } from "../colour/heat-palette.ts";
import { srgbInputProfile } from "../colour/icc-profile.ts";
import { context, coronalSeries, sourceObject, sourceOf } from "../derived-fixture.ts";
import type { DerivedOutput } from "../derived-output.ts";
import { drawnOver, inColour, overSource } from "../outputs-fixture.ts";
import { writeOutput } from "../write-output.ts";

const source = sourceOf(sourceObject("CT"));
const seriesUid = source.attributes.string("SeriesInstanceUID")!;
const fused = overSource(seriesUid);

const coronal = coronalSeries();
const write = (output: DerivedOutput) =>
  writeOutput(output, [coronal, ...(output === coronal ? [] : [output])], source, context);

function readBack(output: DerivedOutput) {
  const written = write(output);
  if (isRefusal(written)) throw new Error(written.reason);
  return parseDicom(written[0]!.bytes);
}

const uidsOf = (item: ReturnType<typeof readBack>["attributes"]) =>
  item
    .items("ReferencedSeriesSequence")
    .flatMap((series) => [
      series.string("SeriesInstanceUID"),
      ...series.items("ReferencedImageSequence").map((image) => image.string("ReferencedSOPInstanceUID")),
    ]);

const coronalUids = [
  derivedUid(`series ${context.jobId} coronal`),
  ...[0, 1, 2].map((index) => derivedUid(`instance ${context.jobId} coronal ${index}`)),
];

test("a blending lays the result's images in colour over the source's in grey", () => {
  const { attributes, ...object } = readBack(fused);
  expect(object.warnings).toEqual([]);
  expect(object.sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.11.4");
  expect(attributes.string("Modality")).toBe("PR");
  expect(attributes.number("RelativeOpacity")).toBe(0.5);
  expect(attributes.string("PresentationCreationDate")).toBe("20260304");
  const layers = attributes.items("BlendingSequence");
  expect(layers.map((layer) => layer.string("BlendingPosition"))).toEqual(["UNDERLYING", "SUPERIMPOSED"]);
  expect(layers.map(uidsOf)).toEqual([[seriesUid, "2.25.1001", "2.25.1002"], coronalUids]);
  const [area] = attributes.items("DisplayedAreaSelectionSequence");
  expect(area!.numbers("DisplayedAreaBottomRightHandCorner")).toEqual([5, 3]);
  expect(area!.numbers("PresentationPixelSpacing")).toEqual([0.75, 0.5]);
});

test("each layer has the line from stored values that its images have, and its own window", () => {
  const [below, above] = readBack(fused).attributes.items("BlendingSequence");
  const image = readBack(coronal).attributes;
  expect([below!.number("RescaleSlope"), below!.number("RescaleIntercept")]).toEqual([1, -1024]);
  expect(above!.number("RescaleSlope")).toBe(image.number("RescaleSlope"));
  expect(above!.number("RescaleIntercept")).toBe(image.number("RescaleIntercept"));
  const windows = [below, above].map((layer) => layer!.items("SoftcopyVOILUTSequence")[0]!);
  expect(windows.map((window) => window.number("WindowWidth"))).toEqual([400, 0.9]);
  expect(windows.map((window) => window.string("VOILUTFunction"))).toEqual([undefined, "LINEAR_EXACT"]);
});

test("a pseudo-colour presents one series", () => {
  const { attributes, sopClassUid } = readBack(inColour);
  expect(sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.11.3");
  expect(uidsOf(attributes)).toEqual(coronalUids);
  expect(attributes.numbers("RedPaletteColorLookupTableDescriptor")).toEqual([256, 0, 16]);
});

test("the palette goes from black over red and yellow to white, in 16 bits", () => {
  const { attributes } = readBack(inColour);
  const channels = ["Red", "Green", "Blue"].map(
    (name) => new Uint16Array(attributes.bytes(`${name}PaletteColorLookupTableData`)!.slice().buffer),
  );
  const at = (shade: number) => channels.map((channel) => channel[shade]);
  expect([at(0), at(85), at(170), at(255)]).toEqual([
    [0, 0, 0],
    [65_535, 0, 0],
    [65_535, 65_535, 0],
    [65_535, 65_535, 65_535],
  ]);
  expect(heat(128)).toEqual([255, 129, 0]);
});

test("the ICC profile is of the input class, as long as it says, and every tag lies within it", () => {
  const profile = Buffer.from(srgbInputProfile());
  expect(readBack(inColour).attributes.bytes("ICCProfile")!.subarray(0, profile.length)).toEqual(
    new Uint8Array(profile),
  );
  expect(profile.readUInt32BE(0)).toBe(profile.length);
  expect(profile.toString("latin1", 12, 24)).toBe("scnrRGB XYZ ");
  expect(profile.toString("latin1", 36, 40)).toBe("acsp");
  const tags = Array.from({ length: profile.readUInt32BE(128) }, (_, index) => 132 + 12 * index);
  for (const entry of tags) {
    const [offset, size] = [profile.readUInt32BE(entry + 4), profile.readUInt32BE(entry + 8)];
    expect(offset % 4).toBe(0);
    expect(offset + size).toBeLessThanOrEqual(profile.length);
  }
});

test("a drawing puts each line on its image, from the pixel's corner as PS3.3 C.10.5 counts", () => {
  const { attributes, sopClassUid, ...object } = readBack(drawnOver(seriesUid, ["2.25.1001", "2.25.1002"]));
  expect(object.warnings).toEqual([]);
  expect(sopClassUid).toBe("1.2.840.10008.5.1.4.1.1.11.1");
  expect(uidsOf(attributes)).toEqual([seriesUid, "2.25.1001", "2.25.1002"]);
  const lines = attributes.items("GraphicAnnotationSequence").map((item) => {
    const [graphic] = item.items("GraphicObjectSequence");
    const [image] = item.items("ReferencedImageSequence");
    return [
      image!.string("ReferencedSOPInstanceUID"),
      graphic!.string("GraphicType"),
      graphic!.numbers("GraphicData"),
    ];
  });
  expect(lines).toEqual([
    ["2.25.1001", "POLYLINE", [0.5, 0.5, 2, 2.5, 3.5, 2.5]],
    ["2.25.1002", "POINT", [4.5, 1.5]],
  ]);
  expect(attributes.has("RedPaletteColorLookupTableDescriptor")).toBe(false);
  expect(attributes.string("ContentLabel")).toBe("PATH");
});

test.each([
  [
    "images that the result does not hold",
    { ...inColour, images: { ...inColour.images, key: "axial" } },
    "IMAGES_UNKNOWN",
  ],
  ["a series that is no source", overSource("2.25.99"), "IMAGES_UNKNOWN"],
  [
    "a window of no width",
    { ...inColour, images: { ...inColour.images, window: { center: 0, width: 0 } } },
    "WINDOW_INVALID",
  ],
  ["a drawing of nothing", { ...drawnOver(seriesUid, ["", ""]), lines: [] }, "DRAWING_EMPTY"],
  ["a line on another image", drawnOver(seriesUid, ["2.25.1001", "2.25.7"]), "IMAGES_UNKNOWN"],
  ["an opacity above 1", { ...fused, superimposedOpacity: 1.5 }, "OPACITY_INVALID"],
] as [string, DerivedOutput, string][])("refused: %s", (_, output, code) => {
  expect(write(output)).toMatchObject({ refused: code });
});
