import { z } from "zod";
import { site, event } from "./fields.ts";

export const siteSchemas = {
  SiteJoined: event("SiteJoined", {
    site,
    mode: z.enum(["member", "autonomous"]),
    safety: z.enum(["local", "safe-2"]),
  }),
  SiteLost: event("SiteLost", { site, by: site, silentMs: z.number().nonnegative() }),
  SiteReturned: event("SiteReturned", { site }),
  SiteLeft: event("SiteLeft", { site }),
};
