/**
 * The facts. These shapes are what is stored, frozen by golden files: a changed shape gets a new schema version and an upcaster.
 * No patient data: DICOM UIDs and digests, never a name, an id of a person, an accession number or a description.
 */
import type { AccessEvent } from "./events/access.ts";
import type { AdoptionEvent } from "./events/adoption.ts";
import type { DeliveryEvent } from "./events/delivery.ts";
import type { JobEvent } from "./events/job.ts";
import type { NodeEvent } from "./events/node.ts";
import type { SessionEvent } from "./events/session.ts";
import type { SiteEvent } from "./events/site.ts";
import type { StudyEvent } from "./events/study.ts";

export type LedgerEvent =
  | StudyEvent
  | JobEvent
  | DeliveryEvent
  | NodeEvent
  | SessionEvent
  | SiteEvent
  | AccessEvent
  | AdoptionEvent;
export type EventType = LedgerEvent["type"];
