/** The shapes of the server's answers, as the router gives them. */
import type { AppRouter } from "@releve/api/router";
import type { inferRouterOutputs } from "@trpc/server";

type Outputs = inferRouterOutputs<AppRouter>;

export type StudyView = Outputs["studies"]["get"];
export type SettledSeries = StudyView["series"][number];
export type JobView = Outputs["jobs"]["get"]["job"];
/** One stored report of a job, as it was read back. */
export type MeasurementReport = Outputs["jobs"]["measurements"][number];
export type DeliveryView = Outputs["deliveries"]["list"][number];
export type EventView = Outputs["events"]["list"][number];
export type NodeRow = Outputs["nodes"]["list"][number];
export type SystemView = Outputs["system"]["sites"];
/** What there is to ask for by hand; `refused` is the study's own case. */
export type RequestOptions = Exclude<Outputs["requests"]["options"], { readonly refused: string }>;
export type Me = Outputs["system"]["me"];
/** A row of the table of rights. */
export type Operation = Me["may"][number];
/** What came of a command. */
export type Done = Outputs["jobs"]["retry"];
