/** Lossy Image Compression (PS3.3 C.7.6.1.1.5): once lossy, always lossy; a transfer syntax that loses says so by itself. */
import type { Attributes } from "../../data-set/attributes.ts";
import { elementsOf, type Elements } from "../elements.ts";

/** Lossy by definition, with the Defined Term of the method. JPEG 2000 and HTJ2K .91 and .203 may lose as well as not. */
const lossyTransferSyntaxes: Readonly<Record<string, string>> = {
  "1.2.840.10008.1.2.4.50": "ISO_10918_1",
  "1.2.840.10008.1.2.4.51": "ISO_10918_1",
  "1.2.840.10008.1.2.4.81": "ISO_14495_1",
};

/** Replaces what was copied where the source's own encoding says more than its attributes. */
export function lossyElements(source: Attributes, transferSyntaxUid: string | undefined): Elements {
  const method = lossyTransferSyntaxes[transferSyntaxUid ?? ""];
  if (!method || source.string("LossyImageCompression") === "01") return elementsOf({});
  return elementsOf({ LossyImageCompression: "01", LossyImageCompressionMethod: method });
}
