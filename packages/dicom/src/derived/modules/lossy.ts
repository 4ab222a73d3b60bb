/** Lossy Image Compression (PS3.3 C.7.6.1.1.5): once lossy, always lossy; a transfer syntax that loses says so by itself. */
import { isRefusal } from "@releve/domain/refusal";
import type { Attributes } from "../../data-set/attributes.ts";
import { many, type1C, type3 } from "../attribute-rule.ts";
import { copyAttributes } from "../copy-attributes.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";

/** Lossy by definition, with the Defined Term of the method. JPEG 2000 and HTJ2K .91 and .203 may lose as well as not. */
const lossyTransferSyntaxes: Readonly<Record<string, string>> = {
  "1.2.840.10008.1.2.4.50": "ISO_10918_1",
  "1.2.840.10008.1.2.4.51": "ISO_10918_1",
  "1.2.840.10008.1.2.4.81": "ISO_14495_1",
};

/** Where the attribute must be stated, "00" is a claim: made only where neither source nor encoding says otherwise. */
export function statedLossy(source: Attributes, transferSyntaxUid: string | undefined): Elements {
  const copied = copyAttributes(lossyRules, source);
  return merged([
    elementsOf({ LossyImageCompression: "00" }),
    isRefusal(copied) ? elementsOf({}) : copied,
    lossyElements(source, transferSyntaxUid),
  ]);
}

const lossyRules = [
  type3("LossyImageCompression", { oneOf: ["00", "01"] }),
  type1C("LossyImageCompressionRatio", many),
  type1C("LossyImageCompressionMethod", many),
];

/** Replaces what was copied where the source's own encoding says more than its attributes. */
export function lossyElements(source: Attributes, transferSyntaxUid: string | undefined): Elements {
  const method = lossyTransferSyntaxes[transferSyntaxUid ?? ""];
  if (!method || source.string("LossyImageCompression") === "01") return elementsOf({});
  return elementsOf({ LossyImageCompression: "01", LossyImageCompressionMethod: method });
}
