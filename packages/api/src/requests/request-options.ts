/** What can be asked for of a study: its volumes, and what each application says of them before anybody asks. Pure. */
import type { Application } from "@releve/apps/application";
import type { PlannedVolume } from "@releve/apps/request-job";
import type { Json } from "@releve/domain/canonical-json";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import { z } from "zod";

export type VolumeOption = {
  readonly plan: string;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly slices: number;
  /** What tells it from its siblings, such as bValue 1000. */
  readonly split: Readonly<Record<string, string | number>>;
};

/** Volumes that an application would take, with parameters to begin from; or why it would not take them. */
export type Offer = { readonly plans: readonly string[]; readonly parameters: Json } | RefusedOffer;
type RefusedOffer = {
  readonly plans: readonly string[];
  readonly refused: { readonly code: string; readonly reason: string };
};

export type ApplicationOption = {
  readonly id: string;
  readonly version: string;
  readonly title: { readonly en: string; readonly fr: string };
  readonly takes: Application["takes"];
  /** JSON Schema 2020-12 of the parameters, as a form needs it. */
  readonly schema: Json;
  /** Of one volume: one for each of the study. Of several: the sets that the application finds by itself, maybe none. */
  readonly offers: readonly Offer[];
};

export type RequestOptions = {
  readonly study: string;
  readonly volumes: readonly VolumeOption[];
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
  applications: catalogue.map((application) => ({
    id: application.id,
    version: application.version,
    title: application.title,
    takes: application.takes,
    schema: z.toJSONSchema(application.parameters, { io: "input" }) as Json,
    offers:
      application.takes === "volume"
        ? volumes.map((volume) => offerOf(application, [volume], application.propose(volume.plan)))
        : offersTogether(application, volumes),
  })),
});

type Together = Extract<Application, { takes: "volumes" }>;

function offersTogether(application: Together, volumes: readonly PlannedVolume[]): readonly Offer[] {
  const digestOf = new Map(volumes.map(({ digest, plan }) => [plan, digest]));
  return application.propose(volumes.map(({ plan }) => plan)).map((proposed) => {
    const chosen = proposed.plans.map((plan: VolumePlan) => ({ digest: digestOf.get(plan)!, plan }));
    return offerOf(application, chosen, "refused" in proposed ? proposed.refused : [proposed.parameters]);
  });
}

/** What the rule refuses a person may still want; what the application refuses nobody gets. */
function offerOf(
  application: Application,
  volumes: readonly PlannedVolume[],
  proposed: readonly Json[] | Refusal,
): Offer {
  const plans = volumes.map(({ digest }) => digest);
  const read = volumes.map(({ plan }) => plan);
  const [byRule] = isRefusal(proposed) ? [] : proposed;
  const parameters = application.suggest?.(read) ?? byRule ?? {};
  const refused = application.refuses
    ? application.refuses(read, parameters)
    : isRefusal(proposed)
      ? proposed
      : undefined;
  return refused
    ? { plans, refused: { code: refused.refused, reason: refused.reason } }
    : { plans, parameters };
}
