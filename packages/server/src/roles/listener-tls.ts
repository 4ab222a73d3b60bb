/** Mutual TLS for what listens beyond loopback; the settings refuse such a listener without the files. */
import { readFileSync } from "node:fs";
import { isLoopback, tlsFilesOf } from "../config/production-rules.ts";

export type ListenerTls = {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
  readonly requestCert: true;
  readonly rejectUnauthorized: true;
};

/** @returns undefined on loopback. @throws Error when a file cannot be read. */
export function listenerTls(
  settings: Parameters<typeof tlsFilesOf>[0],
  host: string,
): ListenerTls | undefined {
  const files = tlsFilesOf(settings);
  if (!files || isLoopback(host)) return undefined;
  return {
    cert: readFileSync(files.certFile),
    key: readFileSync(files.keyFile),
    ca: readFileSync(files.caFile),
    requestCert: true,
    rejectUnauthorized: true,
  };
}
