/** Whose certificates a listener admits: by what they name, `releve://<site>/<kind>/<name>`, see identity.ts. */
import type { Admits } from "@releve/domain/admit-peers";
import { isName } from "@releve/domain/ids";
import { identityKinds, type IdentityKind } from "./identity.ts";

const kindNamed = (uri: string): IdentityKind | undefined => {
  const [, site = "", kind = "", name = ""] = /^releve:\/\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(uri) ?? [];
  return isName(site) && isName(name) ? identityKinds.find((known) => known === kind) : undefined;
};

const only =
  (...kinds: readonly IdentityKind[]): Admits =>
  (uris) =>
    uris.some((uri) => kinds.some((kind) => kind === kindNamed(uri)));

/** Processes that compute, deliver or show. */
export const mayReadObjects = only("node", "gateway", "api");

/** Who brings a page to a node, or a session's mirror to its standby. */
export const mayBringSessions = only("node", "api");

/** People's: until they sign in, whoever has the operator's certificate. A node's must not drain other nodes. */
export const mayUseConsole = only("operator");

/** Other systems that send and fetch images. */
export const mayUseDicomWeb = only("operator", "archive", "gateway");
