/** Who may do what where. */
import type { SiteId, SubjectId, Uuid } from "@releve/domain/ids";

export const accessRoles = [
  "clinician",
  "radiologist",
  "nuclear-physician",
  "it",
  "auditor",
  "admin",
] as const;
export type AccessRole = (typeof accessRoles)[number];

/** One stream a subject. Subjects are pseudonyms. `site` null: at every site. */
export type AccessEvent =
  | {
      readonly type: "AccessGranted";
      readonly subject: SubjectId;
      readonly role: AccessRole;
      readonly site: SiteId | null;
      readonly by: SubjectId;
    }
  | {
      readonly type: "AccessRevoked";
      readonly subject: SubjectId;
      readonly role: AccessRole;
      readonly site: SiteId | null;
      readonly by: SubjectId;
      readonly reason: string;
    }
  | {
      readonly type: "SignedIn";
      /** Drawn by whoever saw it happen: the same twice is one. */
      readonly note: Uuid;
      readonly subject: SubjectId;
      /** As the identity provider named them at that moment. */
      readonly roles: readonly string[];
      /** Whose console it was. */
      readonly site: SiteId;
    }
  | {
      readonly type: "SignedOut";
      readonly note: Uuid;
      readonly subject: SubjectId;
      readonly site: SiteId;
      readonly reason: SignOutReason;
    }
  | {
      readonly type: "AccessRefused";
      readonly note: Uuid;
      readonly subject: SubjectId;
      /** A row of the table of rights. */
      readonly operation: string;
      /** Where the thing is that was asked about. */
      readonly site: SiteId;
      readonly reason: AccessRefusal;
    };

/** By the person; by the identity provider; because it did not answer for too long. */
export const signOutReasons = ["asked", "provider", "expired"] as const;
export type SignOutReason = (typeof signOutReasons)[number];

export const accessRefusals = ["NOT_ALLOWED", "OTHER_SITE"] as const;
export type AccessRefusal = (typeof accessRefusals)[number];
