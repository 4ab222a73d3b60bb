/** What an identity changes of a connection to NATS. */
import type { TlsFiles } from "@releve/domain/tls-files";
import { inboxPrefixOf, type Identity } from "./identity.ts";
import { apiPrefixOf } from "./permissions.ts";

export const identifiedLink = (identity: Identity, tls: TlsFiles) => ({
  tls,
  inboxPrefix: inboxPrefixOf(identity),
  apiPrefix: apiPrefixOf(identity),
});
