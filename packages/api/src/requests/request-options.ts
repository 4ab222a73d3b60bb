/** What can be asked for of a study: its volumes, and what each application says of them before anybody asks. Pure. */
import type { Application } from "@releve/apps/application";
import { offerApplications, type Fit, type Offer } from "@releve/apps/offer-applications";
import type { PlannedVolume } from "@releve/apps/request-job";
import type { Json } from "@releve/domain/canonical-json";
import { z } from "zod";

export type VolumeOption = {
  readonly plan: string;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly slices: number;
  /** What tells it from its siblings, such as bValue 1000. */
  readonly split: Readonly<Record<string, string | number>>;
};

export type ApplicationOption = {
  readonly id: string;
  readonly version: string;
  readonly title: { readonly en: string; readonly fr: string };
  readonly takes: Application["takes"];
  /** JSON Schema 2020-12 of the parameters, as a form needs it. */
  readonly schema: Json;
  readonly fit: Fit;
  readonly offers: readonly Offer[];
};

export type RequestOptions = {
  readonly study: string;
  readonly volumes: readonly VolumeOption[];
  /** Those first that the study is for; see `fit`. */
  readonly applications: readonly ApplicationOption[];
};

export const requestOptions = (
  study: string,
  catalogue: readonly Application[],
  volumes: readonly PlannedVolume[],
): RequestOptions => ({
  study,
  volumes: volumes.map(({ digest, plan }) => ({
    plan: digest,
    seriesInstanceUid: plan.seriesInstanceUid,
    modality: plan.modality,
    slices: plan.geometry.slices,
    split: plan.split,
  })),
  applications: offerApplications(catalogue, volumes).map(({ application, fit, offers }) => ({
    id: application.id,
    version: application.version,
    title: application.title,
    takes: application.takes,
    schema: z.toJSONSchema(application.parameters, { io: "input" }) as Json,
    fit,
    offers,
  })),
});
