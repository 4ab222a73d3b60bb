/** Who may do what where. */
import type { SiteId, SubjectId } from "@releve/domain/ids";

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
    };
