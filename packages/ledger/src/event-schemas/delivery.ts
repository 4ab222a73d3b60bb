import { z } from "zod";
import { site, study, job, delivery, attempt, storedObject, event } from "./fields.ts";

export const deliverySchemas = {
  DeliveryRequested: event("DeliveryRequested", {
    delivery,
    job,
    study,
    destination: z.string(),
    site,
    objects: z.array(storedObject),
  }),
  DeliveryFailed: event("DeliveryFailed", {
    delivery,
    attempt,
    code: z.string(),
    reason: z.string(),
    nextAtMs: z.number().nullable(),
  }),
  Delivered: event("Delivered", { delivery, attempt, receipt: z.string() }),
  DeliveryRetried: event("DeliveryRetried", { delivery, reason: z.string() }),
};
