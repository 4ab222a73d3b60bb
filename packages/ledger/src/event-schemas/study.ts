import { z } from "zod";
import { digest, site, study, job, count, storedObject, event } from "./fields.ts";

const settledSeries = z.strictObject({
  seriesInstanceUid: z.string(),
  modality: z.string(),
  objectCount: count,
  volumes: z.array(z.strictObject({ plan: digest, slices: count, findings: z.array(z.string()) })),
  leftOut: z.array(z.strictObject({ sopInstanceUid: z.string(), code: z.string(), reason: z.string() })),
});

const ruleDecision = z.strictObject({
  plan: digest,
  application: z.string(),
  applicationVersion: z.string(),
  jobs: z.array(job),
  refused: z.strictObject({ code: z.string(), reason: z.string() }).exactOptional(),
});

export const studySchemas = {
  StudyObjectsReceived: event("StudyObjectsReceived", {
    study,
    studyInstanceUid: z.string(),
    objects: z.array(storedObject),
  }),
  StudyObjectRevised: event("StudyObjectRevised", { study, object: storedObject, replaces: digest }),
  StudyObjectQuarantined: event("StudyObjectQuarantined", {
    study,
    object: storedObject,
    conflictsWith: digest,
  }),
  StudySettled: event("StudySettled", { study, revision: count, series: z.array(settledSeries) }),
  StudyRuled: event("StudyRuled", { study, revision: count, decisions: z.array(ruleDecision) }),
  StudyReopened: event("StudyReopened", { study, revision: count }),
  StudyObjectsReplicated: event("StudyObjectsReplicated", {
    study,
    site,
    digests: z.array(digest),
    derived: z.array(digest).exactOptional(),
  }),
};
