import { expect, test } from "vitest";
import { parseAccept } from "./accept.ts";
import { chooseTransferSyntax } from "./choose-transfer-syntax.ts";

const explicit = "1.2.840.10008.1.2.1";
const jpegLs = "1.2.840.10008.1.2.4.80";
const parts = (syntax?: string) =>
  `multipart/related; type="application/dicom"${syntax ? `; transfer-syntax=${syntax}` : ""}`;

test.each([
  [undefined, jpegLs, "as-stored"],
  [parts("*"), jpegLs, "as-stored"],
  [parts(), jpegLs, "explicit-little-endian"],
  [parts(), explicit, "as-stored"],
  [parts(jpegLs), jpegLs, "as-stored"],
  [parts(jpegLs), explicit, undefined],
  [`${parts(jpegLs)}, ${parts(explicit)};q=0.1`, "1.2.840.10008.1.2.5", "explicit-little-endian"],
])("%s for %s: %s", (header, stored, chosen) => {
  expect(chooseTransferSyntax(parseAccept(header), stored)).toBe(chosen);
});
