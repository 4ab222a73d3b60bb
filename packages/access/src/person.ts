/** A person, or a machine that acts for one, as far as rights go. No address and nothing about patients is in here. */
import type { SiteId, SubjectId } from "@releve/domain/ids";
import type { Role } from "./roles.ts";

export type Person = {
  /** A pseudonym: what the ledger knows of the person. */
  readonly subject: SubjectId;
  /** As the identity provider has it, to greet; it goes into no event and no log. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Where the roles count. */
  readonly sites: readonly SiteId[] | "every";
};
