/** The bytes of one attribute, as the metadata named them; little endian whatever they are stored in (PS3.18 annex F.2.2). */
import { dataSetOf } from "@releve/dicom/data-set/data-set-attributes";
import { littleEndian } from "@releve/dicom/data-set/byte-order";
import { finalVr, valueBytes } from "@releve/dicom/data-set/element-values";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { sendProblem } from "../problem.ts";
import { matchesType, parseAccept } from "./accept.ts";
import { sendParts } from "./multipart-reply.ts";
import type { Answer } from "./wado.ts";

const octets = "application/octet-stream";

export const sendBulkData: Answer = async (intake, [entry], request, reply) => {
  const accepted = parseAccept(request.headers.accept);
  if (!accepted.some((one) => matchesType(one.type, octets)))
    return sendProblem(reply, 406, "Bulk data is sent as application/octet-stream.");
  const tag = request.params.tag ?? "";
  const dataSet = dataSetOf(parseDicom(await intake.store.read(entry.digest)).attributes);
  const element = /^[0-9A-Fa-f]{8}$/.test(tag) ? dataSet.elements.get(Number.parseInt(tag, 16)) : undefined;
  if (!element) return sendProblem(reply, 404, "The object has no such attribute.");
  if (element.encapsulated)
    return sendProblem(reply, 406, "Compressed pixel data is retrieved by its frames.");
  const vr = finalVr(element.vr, dataSet.context.signedPixels);
  const bytes = littleEndian(valueBytes(dataSet.context, element), vr, element.littleEndian);
  const single = accepted.every((one) => !one.multipart && one.type === octets);
  if (single) return reply.type(octets).send(Buffer.from(bytes));
  return sendParts(reply, octets, [{ type: octets, chunks: [bytes] }]);
};
