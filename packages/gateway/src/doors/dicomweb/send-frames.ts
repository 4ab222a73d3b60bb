/** Frames decoded: stored values, little endian, samples side by side (`application/octet-stream`, PS3.18 section 8.7.3.3). */
import type { DicomObject } from "@releve/dicom/data-set/dicom-object";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { decodeFrame } from "@releve/dicom/pixels/decode-frame";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "@releve/dicom/uids/transfer-syntaxes";
import { isRefusal } from "@releve/domain/refusal";
import { sendProblem } from "../problem.ts";
import { matchesType, parseAccept } from "./accept.ts";
import { chooseTransferSyntax } from "./choose-transfer-syntax.ts";
import { sendParts, type ReplyPart } from "./multipart-reply.ts";
import type { Answer } from "./wado.ts";

const octets = "application/octet-stream";
const mostFrames = 1000;

export const sendFrames: Answer = async (intake, [entry], request, reply) => {
  const accepted = parseAccept(request.headers.accept).filter((one) => matchesType(one.type, octets));
  if (!chooseTransferSyntax(accepted, EXPLICIT_VR_LITTLE_ENDIAN))
    return sendProblem(reply, 406, "Frames are sent decoded, as application/octet-stream.");
  const numbers = frameNumbers(request.params.frames ?? "");
  if (!numbers) return sendProblem(reply, 400, `Frames are a list of up to ${mostFrames} numbers from 1.`);
  const object = parseDicom(await intake.store.read(entry.digest));
  // Every frame is tried before the answer begins; they are decoded again one by one as the reader takes them.
  for (const number of numbers) {
    const frame = await decodeFrame(object, number - 1);
    if (isRefusal(frame))
      return sendProblem(reply, statusOf(frame.refused), `Frame ${number}: ${frame.reason}.`);
  }
  return sendParts(reply, octets, partsOf(object, numbers));
};

async function* partsOf(object: DicomObject, numbers: readonly number[]): AsyncIterable<ReplyPart> {
  for (const number of numbers) {
    const frame = await decodeFrame(object, number - 1);
    if (isRefusal(frame)) throw new Error(`a frame that decoded does not any more: ${frame.refused}`);
    const { buffer, byteOffset, byteLength } = frame.pixels;
    yield { type: octets, chunks: [new Uint8Array(buffer, byteOffset, byteLength)] };
  }
}

function frameNumbers(text: string): readonly number[] | undefined {
  const numbers = text.split(",").map((part) => (/^[1-9]\d{0,8}$/.test(part) ? Number(part) : Number.NaN));
  return numbers.length > mostFrames || numbers.some(Number.isNaN) ? undefined : numbers;
}

/** A frame that is not there, or one that is there in a form that nobody here decodes. */
function statusOf(refused: string): number {
  return refused === "PIXELS_MISSING" || refused === "PIXELS_SHORT" ? 404 : 406;
}
