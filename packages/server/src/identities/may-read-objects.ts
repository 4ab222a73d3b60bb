/** Whose certificates the listener for the other sites admits: processes that compute, deliver or show. */
import { isName } from "@releve/domain/ids";

/** @param uris what the certificate names: `releve://<site>/<kind>/<name>`, see identity.ts. */
export function mayReadObjects(uris: readonly string[]): boolean {
  return uris.some((uri) => {
    const [, site = "", name = ""] = /^releve:\/\/([^/]+)\/(?:node|gateway|api)\/([^/]+)$/.exec(uri) ?? [];
    return isName(site) && isName(name);
  });
}
