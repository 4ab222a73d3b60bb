import type { Uuid } from "@releve/domain/ids";
import { z } from "zod";
import { uuid, digest, study, session, subject, epoch, host, event } from "./fields.ts";

export const sessionSchemas = {
  SessionOpened: event("SessionOpened", {
    session,
    study,
    application: z.string(),
    owner: subject,
    host,
    standby: host.nullable(),
    epoch,
  }),
  SessionViewSaved: event("SessionViewSaved", { session, epoch, view: z.json() }),
  SessionAnnotated: event("SessionAnnotated", {
    session,
    epoch,
    annotation: uuid<Uuid>(),
    body: digest.nullable(),
  }),
  SessionMoved: event("SessionMoved", {
    session,
    epoch,
    host,
    standby: host.nullable(),
    reason: z.enum(["node-lost", "site-lost", "drain", "rebalance"]),
  }),
  SessionClosed: event("SessionClosed", { session, epoch, reason: z.enum(["by-user", "idle", "revoked"]) }),
};
