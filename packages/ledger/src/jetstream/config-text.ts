/** What every part of the nats-server's configuration is written with. */
import type { TlsFiles } from "@releve/domain/tls-files";

/** The server's default of 2 s is short for a machine on which everything starts at once. */
const handshakeWithinS = 5;

/** The server takes the first of the certificate's names, addresses and URIs that is a user's; ours holds one URI. */
export const tlsLines = (tls: TlsFiles, more: readonly string[] = []): readonly string[] => [
  `tls {`,
  ...fileLines(tls),
  `  verify_and_map: true`,
  ...more,
  `  timeout: ${handshakeWithinS}`,
  `}`,
];

export const fileLines = ({ certFile, keyFile, caFile }: TlsFiles): readonly string[] => [
  `  cert_file: ${quoted(certFile)}`,
  `  key_file: ${quoted(keyFile)}`,
  `  ca_file: ${quoted(caFile)}`,
];

/** @throws RangeError for a control character, which no path or name of ours holds. */
export function quoted(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  if (/[\u0000-\u001f]/.test(text)) throw new RangeError("a control character in the server's configuration");
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
