/** Colours: Multi-frame True Color Secondary Capture, PS3.3 A.8.5. It shows the patient, but lies nowhere: no frame of reference. */
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import { entryOfKeyword } from "../../data-set/dicom-dictionary.ts";
import { decimalString } from "../decimal-string.ts";
import type { DerivationContext, DerivationSource } from "../derivation-context.ts";
import type { RenderedFrames } from "../derived-output.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";
import { encodeElements } from "../explicit-vr.ts";
import { codedElements } from "../modules/code-sequence.ts";
import { statedLossy } from "../modules/lossy.ts";
import { resultElements } from "../result-elements.ts";
import { resultInstanceUid, resultSeriesUid, writtenObject, type WrittenObject } from "../result-identity.ts";
import { sourceImageElements } from "../source-images.ts";

const sopClassUid = "1.2.840.10008.5.1.4.1.1.7.4";

/** Refusals: FRAMES_MISSING, FRAME_MISFIT, FRAME_TIME_INVALID, and of a source with an unusable identity. */
export function writeRendered(
  output: RenderedFrames,
  source: DerivationSource,
  context: DerivationContext,
): readonly WrittenObject[] | Refusal {
  const fault = faultOf(output);
  if (fault) return fault;
  const of = { sopClassUid, modality: source.modality, is: "picture" } as const;
  const result = resultElements(output, of, source, context);
  if (isRefusal(result)) return result;
  const elements = merged([
    result,
    imageElements(output),
    frameElements(output),
    statedLossy(source.attributes, source.transferSyntaxUid),
    sourceImageElements(source.sources),
  ]);
  const words = Uint8Array.from(Buffer.concat(output.frames));
  const object = {
    sopInstanceUid: resultInstanceUid(context, output.key, 0),
    sopClassUid,
    seriesInstanceUid: resultSeriesUid(context, output.key),
  };
  return [writtenObject(object, encodeElements(elements.set("PixelData", { vr: "OB", words })))];
}

function faultOf({ frames, columns, rows, frameTimeMs }: RenderedFrames): Refusal | undefined {
  if (frames.length === 0) return refusal("FRAMES_MISSING", "There is no frame to write.");
  const size = columns * rows * 3;
  if (frames.some((frame) => frame.length !== size))
    return refusal("FRAME_MISFIT", `A frame has not the ${size} bytes of ${columns} x ${rows} colours.`);
  if (!(frameTimeMs >= 0) || !Number.isFinite(frameTimeMs))
    return refusal("FRAME_TIME_INVALID", "The time of a frame is no duration.");
  return undefined;
}

function imageElements(output: RenderedFrames): Elements {
  return elementsOf({
    ImageType: ["DERIVED", "SECONDARY"],
    DerivationDescription: output.derivationDescription,
    DerivationCodeSequence: [codedElements(output.derivationCode)],
    ConversionType: "SYN",
    BurnedInAnnotation: "NO",
    // Type 2C of images without a plane; a view in perspective or turning has no direction of its own.
    PatientOrientation: [],
    SamplesPerPixel: 3,
    PhotometricInterpretation: "RGB",
    PlanarConfiguration: 0,
    Rows: output.rows,
    Columns: output.columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
  });
}

/** What leads from frame to frame: time in a cine, else the number of the page. One frame needs nothing. */
function frameElements({ frames, frameTimeMs }: RenderedFrames): Elements {
  const number = elementsOf({ NumberOfFrames: String(frames.length) });
  if (frames.length === 1) return number;
  if (frameTimeMs > 0)
    return merged([
      number,
      elementsOf({
        FrameIncrementPointer: entryOfKeyword("FrameTime").tag,
        FrameTime: decimalString(frameTimeMs),
        RecommendedDisplayFrameRate: String(Math.max(1, Math.round(1000 / frameTimeMs))),
        PreferredPlaybackSequencing: 0,
      }),
    ]);
  return merged([
    number,
    elementsOf({
      FrameIncrementPointer: entryOfKeyword("PageNumberVector").tag,
      PageNumberVector: frames.map((_, index) => String(index + 1)),
    }),
  ]);
}
