/** Which presentation contexts a storage SCP takes: verification, every storage SOP class, private ones; any transfer syntax. */

export const verificationSopClass = "1.2.840.10008.1.1";
export const implicitVrLittleEndian = "1.2.840.10008.1.2";

/** The chosen transfer syntax, or why none: the two provider rejections of PS3.8 table 9-18. */
export type ContextAnswer =
  | { readonly transferSyntax: string }
  | { readonly unsupported: "abstract-syntax" | "transfer-syntaxes" };

const dicomRoot = "1.2.840.10008.";
const imageStorageRoot = "1.2.840.10008.5.1.4.1.1.";
/** Storage SOP classes outside of that root (PS3.4 table B.5-1 and GG.3-1): radiotherapy instructions, palettes, protocols. */
const otherStorage = new Set(
  ["34.7", "34.10", "38.1", "39.1", "43.1", "44.1", "45.1"].map((suffix) => `1.2.840.10008.5.1.4.${suffix}`),
);
/** PS3.5 annex A.1 to A.9 and A.10; the pixels of JPIP (…4.94, …4.95) would stay at the sender. */
const knownTransferSyntax =
  /^1\.2\.840\.10008\.1\.2(\.1(\.98|\.99)?|\.2|\.5|\.4\.(5\d|6[0-6]|70|8[01]|9[0-3]|10\d(\.1)?|11[0-2]|20[1-3]))?$/;
const uncompressed = new Set([implicitVrLittleEndian, "1.2.840.10008.1.2.1"]);
const uidCharacters = /^[0-9.]{1,64}$/;

/** The first known transfer syntax of those offered, else the first: what is stored stays as received, known or not. */
export function acceptStorageContext(
  abstractSyntax: string,
  transferSyntaxes: readonly string[],
): ContextAnswer {
  const usable = transferSyntaxes.filter((uid) => uidCharacters.test(uid));
  if (abstractSyntax === verificationSopClass) return chosen(usable.find((uid) => uncompressed.has(uid)));
  if (!isStorage(abstractSyntax)) return { unsupported: "abstract-syntax" };
  return chosen(usable.find((uid) => knownTransferSyntax.test(uid)) ?? usable[0]);
}

function chosen(transferSyntax: string | undefined): ContextAnswer {
  return transferSyntax === undefined ? { unsupported: "transfer-syntaxes" } : { transferSyntax };
}

/** A private SOP class (outside of DICOM's root) is taken for storage. */
function isStorage(uid: string): boolean {
  if (!uidCharacters.test(uid)) return false;
  return !uid.startsWith(dicomRoot) || uid.startsWith(imageStorageRoot) || otherStorage.has(uid);
}
