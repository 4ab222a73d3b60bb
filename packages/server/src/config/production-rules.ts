/**
 * Anything that listens beyond loopback is production: it has a certificate and asks for one, and a DICOM listener knows who
 * may send. Checked before anything listens, all faults at once.
 */
import type { TlsFiles } from "@releve/domain/tls-files";
import type { z } from "zod";

type Tls = {
  readonly RELEVE_TLS_CERT: string;
  readonly RELEVE_TLS_KEY: string;
  readonly RELEVE_TLS_CA: string;
};

/** What the rules look at; a role has those that it has. */
type Ruled = Tls & {
  readonly RELEVE_HTTP_HOST?: string;
  readonly RELEVE_DIMSE_HOST?: string;
  readonly RELEVE_SITE_HOST?: string;
  readonly RELEVE_SESSION_HOST?: string;
  readonly RELEVE_SITE_PORT?: number;
  readonly RELEVE_PEERS?: readonly unknown[];
  readonly RELEVE_NATS_URL?: readonly string[];
  readonly RELEVE_OTHER_SITES?: readonly URL[];
  readonly RELEVE_ISSUER?: string;
  readonly RELEVE_CLIENT_SECRET_FILE?: string;
  readonly RELEVE_CONSOLE_URL?: string;
};

type Report = (variable: keyof Ruled, message: string) => void;

export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || host.startsWith("127.");

/** The process's identity, or undefined where it has none and stays on loopback. */
export function tlsFilesOf({ RELEVE_TLS_CERT, RELEVE_TLS_KEY, RELEVE_TLS_CA }: Tls): TlsFiles | undefined {
  if (RELEVE_TLS_CERT === "") return undefined;
  return { certFile: RELEVE_TLS_CERT, keyFile: RELEVE_TLS_KEY, caFile: RELEVE_TLS_CA };
}

export function productionRules(settings: Ruled, context: z.RefinementCtx): void {
  const report: Report = (variable, message) =>
    context.addIssue({ code: "custom", path: [variable], message });
  wholeIdentity(settings, report);
  const identified = settings.RELEVE_TLS_CERT !== "";
  for (const variable of [
    "RELEVE_HTTP_HOST",
    "RELEVE_DIMSE_HOST",
    "RELEVE_SITE_HOST",
    "RELEVE_SESSION_HOST",
  ] as const) {
    const host = settings[variable];
    if (host !== undefined && !isLoopback(host) && !identified)
      report(variable, "beyond loopback only with RELEVE_TLS_CERT, RELEVE_TLS_KEY and RELEVE_TLS_CA");
  }
  if (!isLoopback(settings.RELEVE_DIMSE_HOST ?? "localhost") && settings.RELEVE_PEERS?.length === 0)
    report("RELEVE_PEERS", "a DICOM listener beyond loopback names who may send");
  if (settings.RELEVE_SITE_PORT && !identified)
    report("RELEVE_SITE_PORT", "the listener for the other sites needs a certificate");
  encryptedLinks(settings, identified, report);
  signIn(settings, report);
}

/** The embedded identity provider speaks plain http on loopback, so that this keeps it there. */
function signIn(settings: Ruled, report: Report): void {
  const { RELEVE_ISSUER = "", RELEVE_HTTP_HOST = "localhost", RELEVE_CONSOLE_URL = "" } = settings;
  if (RELEVE_ISSUER === "") return;
  if (settings.RELEVE_CLIENT_SECRET_FILE === "")
    report("RELEVE_CLIENT_SECRET_FILE", "is needed for RELEVE_ISSUER");
  const { protocol, hostname } = new URL(RELEVE_ISSUER);
  const plain = protocol === "http:";
  if (plain && !isLoopback(hostname))
    report("RELEVE_ISSUER", "an identity provider beyond loopback has https");
  if (isLoopback(RELEVE_HTTP_HOST)) return;
  if (plain)
    report(
      "RELEVE_ISSUER",
      "the embedded identity provider is for this machine alone: name the hospital's own",
    );
  if (!RELEVE_CONSOLE_URL.startsWith("https:"))
    report("RELEVE_CONSOLE_URL", "beyond loopback people come by https: name where");
}

function wholeIdentity(settings: Ruled, report: Report): void {
  const names = ["RELEVE_TLS_CERT", "RELEVE_TLS_KEY", "RELEVE_TLS_CA"] as const;
  const missing = names.filter((name) => settings[name] === "");
  if (missing.length === names.length) return;
  for (const name of missing) report(name, "certificate, key and authority come together");
}

function encryptedLinks(settings: Ruled, identified: boolean, report: Report): void {
  const servers = settings.RELEVE_NATS_URL ?? [];
  if (!identified && servers.some((url) => !isLoopback(new URL(url).hostname)))
    report(
      "RELEVE_NATS_URL",
      "a server beyond loopback is spoken to only with RELEVE_TLS_CERT, _KEY and _CA",
    );
  const plain = (settings.RELEVE_OTHER_SITES ?? []).filter(({ protocol }) => protocol === "http:");
  if (plain.some(({ hostname }) => !isLoopback(hostname)))
    report("RELEVE_OTHER_SITES", "a site beyond loopback is spoken to over https only");
  if (!identified && (settings.RELEVE_OTHER_SITES ?? []).some(({ protocol }) => protocol === "https:"))
    report("RELEVE_OTHER_SITES", "https needs RELEVE_TLS_CERT, RELEVE_TLS_KEY and RELEVE_TLS_CA");
}
