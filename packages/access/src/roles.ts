/** What a person is in a hospital, as the identity provider's realm names it. */
export const roles = [
  "radiologist",
  "nuclear-physician",
  "clinician",
  "technologist",
  "site-admin",
  "operator",
  "auditor",
  "dpo",
] as const;

export type Role = (typeof roles)[number];

export const isRole = (text: string): text is Role => roles.some((role) => role === text);
