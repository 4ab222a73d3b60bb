import type { Uuid } from "@releve/domain/ids";
import { z } from "zod";
import { accessRefusals, accessRoles, signOutReasons } from "../events/access.ts";
import { site, subject, event, uuid } from "./fields.ts";

const note = uuid<Uuid>();

export const accessSchemas = {
  AccessGranted: event("AccessGranted", {
    subject,
    role: z.enum(accessRoles),
    site: site.nullable(),
    by: subject,
  }),
  AccessRevoked: event("AccessRevoked", {
    subject,
    role: z.enum(accessRoles),
    site: site.nullable(),
    by: subject,
    reason: z.string(),
  }),
  SignedIn: event("SignedIn", { note, subject, roles: z.array(z.string().max(64)).max(64), site }),
  SignedOut: event("SignedOut", { note, subject, site, reason: z.enum(signOutReasons) }),
  AccessRefused: event("AccessRefused", {
    note,
    subject,
    operation: z.string().max(64),
    site,
    reason: z.enum(accessRefusals),
  }),
};
