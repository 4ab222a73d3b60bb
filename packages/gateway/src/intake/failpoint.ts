/** Between each pair of steps of the intake a test may kill the process; see `receive-object.failpoint.test.ts`. */
import type { StoreFailpoint } from "@releve/store/failpoint";

export type IntakeFailpoint = StoreFailpoint | "object-parsed" | "object-compared" | "object-answered";

/** In the order in which one object passes them. */
export const intakeFailpoints: readonly IntakeFailpoint[] = [
  "object-received",
  "object-parsed",
  "object-compared",
  "object-written",
  "object-synced",
  "object-renamed",
  "object-committed",
  "entry-written",
  "entry-synced",
  "object-answered",
];
