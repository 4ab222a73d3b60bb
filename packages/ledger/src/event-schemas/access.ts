import { z } from "zod";
import { accessRoles } from "../events/access.ts";
import { site, subject, event } from "./fields.ts";

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
};
