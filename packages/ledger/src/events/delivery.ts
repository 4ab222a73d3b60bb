/** What happens to a result on its way to one destination. */
import type { DeliveryId, JobId, SiteId, StudyId } from "@releve/domain/ids";
import type { StoredObject } from "./stored-object.ts";

export type DeliveryEvent =
  | {
      readonly type: "DeliveryRequested";
      readonly delivery: DeliveryId;
      readonly job: JobId;
      readonly study: StudyId;
      readonly destination: string;
      readonly site: SiteId;
      readonly objects: readonly StoredObject[];
    }
  | {
      readonly type: "DeliveryFailed";
      readonly delivery: DeliveryId;
      readonly attempt: number;
      readonly code: string;
      readonly reason: string;
      readonly nextAtMs: number | null;
    }
  | {
      readonly type: "Delivered";
      readonly delivery: DeliveryId;
      readonly attempt: number;
      readonly receipt: string;
    }
  /** A person asks again for a delivery that had stopped. */
  | { readonly type: "DeliveryRetried"; readonly delivery: DeliveryId; readonly reason: string };
