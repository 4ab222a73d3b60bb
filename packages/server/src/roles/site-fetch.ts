/** How a role asks the other sites for objects: with its certificate where it has one. */
import { mutualTlsFetch, type SiteFetch } from "@releve/store/tls-fetch";
import { tlsFilesOf } from "../config/production-rules.ts";

/** Options for `objectsOf`; empty on an installation that stays on loopback. */
export function siteFetch(settings: Parameters<typeof tlsFilesOf>[0]): { readonly fetchImpl?: SiteFetch } {
  const files = tlsFilesOf(settings);
  return files ? { fetchImpl: mutualTlsFetch(files) } : {};
}
