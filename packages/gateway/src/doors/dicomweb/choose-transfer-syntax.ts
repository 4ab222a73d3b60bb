/**
 * In which transfer syntax an object is sent (PS3.18 section 8.7.3.5). A client that names none takes Explicit VR Little
 * Endian; one that says `*`, or accepts everything, takes the object as it was received. Pure.
 */
import { EXPLICIT_VR_LITTLE_ENDIAN } from "@releve/dicom/uids/transfer-syntaxes";
import type { Accepted } from "./accept.ts";

/** @returns undefined where the client takes neither what is stored nor what it can be decompressed to. */
export function chooseTransferSyntax(
  accepted: readonly Accepted[],
  storedUid: string,
): "as-stored" | "explicit-little-endian" | undefined {
  const asked = accepted.map((one) => one.transferSyntaxUid ?? EXPLICIT_VR_LITTLE_ENDIAN);
  if (asked.includes("*") || asked.includes(storedUid)) return "as-stored";
  return asked.includes(EXPLICIT_VR_LITTLE_ENDIAN) ? "explicit-little-endian" : undefined;
}
