/**
 * The stored shape of every event, one schema each. Strict both ways: a field that is not here is neither written nor read.
 * To change a shape: change the type in `events/` and the schema in `event-schemas/`, add an upcaster from the old shape
 * (`upcasters.ts`, which raises the schema version), and a golden file for the new version.
 */
import type { Uuid } from "@releve/domain/ids";
import { z } from "zod";
import type { StreamKind } from "./event-log.ts";
import { accessSchemas } from "./event-schemas/access.ts";
import { adoptionSchemas } from "./event-schemas/adoption.ts";
import { deliverySchemas } from "./event-schemas/delivery.ts";
import { jobSchemas } from "./event-schemas/job.ts";
import { nodeSchemas } from "./event-schemas/node.ts";
import { sessionSchemas } from "./event-schemas/session.ts";
import { siteSchemas } from "./event-schemas/site.ts";
import { studySchemas } from "./event-schemas/study.ts";
import { uuid } from "./event-schemas/fields.ts";
import type { EventType, LedgerEvent } from "./events.ts";

const schemasByKind = {
  study: studySchemas,
  job: jobSchemas,
  delivery: deliverySchemas,
  node: nodeSchemas,
  session: sessionSchemas,
  site: siteSchemas,
  access: accessSchemas,
  ledger: adoptionSchemas,
} satisfies { readonly [Kind in StreamKind]?: object };

export const eventSchemas = {
  ...studySchemas,
  ...jobSchemas,
  ...deliverySchemas,
  ...nodeSchemas,
  ...sessionSchemas,
  ...siteSchemas,
  ...accessSchemas,
  ...adoptionSchemas,
} satisfies { readonly [Type in EventType]: z.ZodType<Extract<LedgerEvent, { type: Type }>> };

/** The kind of stream that each event belongs to; an event in another stream is a bug of its writer. */
export const kindOfEvent = Object.fromEntries(
  Object.entries(schemasByKind).flatMap(([kind, schemas]) =>
    Object.keys(schemas).map((type) => [type, kind]),
  ),
) as { readonly [Type in EventType]: StreamKind };

export const contextSchema = z.strictObject({
  atMs: z.number(),
  site: z.string(),
  actor: z.string(),
  cause: uuid<Uuid>().exactOptional(),
  correlation: uuid<Uuid>().exactOptional(),
});

export const isEventType = (text: string): text is EventType => Object.hasOwn(eventSchemas, text);
