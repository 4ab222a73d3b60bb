/** Asks the table of rights for one person. Pure. */
import type { SiteId } from "@releve/domain/ids";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Person } from "./person.ts";
import { reachOf, type Operation } from "./rights.ts";

/** Where the thing is that is asked about or changed. */
export type At = { readonly site: SiteId };

/** @returns undefined when the person may; NOT_ALLOWED or OTHER_SITE when not. */
export function mayDo({ roles, sites }: Person, operation: Operation, { site }: At): Refusal | undefined {
  const reaches = roles.map((role) => reachOf(role, operation));
  if (reaches.includes("every")) return undefined;
  if (!reaches.includes("own"))
    return refusal("NOT_ALLOWED", `None of your roles may do this (${operation}).`);
  if (sites === "every" || sites.includes(site)) return undefined;
  return refusal("OTHER_SITE", `Your roles may do this at your own site, not at ${site} (${operation}).`);
}
