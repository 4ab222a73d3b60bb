/** What each application says of a study's volumes before anybody asks, those first that the study is for. Pure. */
import type { Json } from "@releve/domain/canonical-json";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { VolumePlan } from "@releve/domain/series-split";
import type { Application } from "./application.ts";
import type { PlannedVolume } from "./request-job.ts";

/** Volumes that an application would take, with parameters to begin from; or why it would not take them. */
export type Offer = { readonly plans: readonly string[]; readonly parameters: Json } | RefusedOffer;
type RefusedOffer = {
  readonly plans: readonly string[];
  readonly refused: { readonly code: string; readonly reason: string };
};

/** `proposed`: a rule asks for it of this study by itself; `taken`: a person may; `refused`: none of what was found is taken. */
export type Fit = "proposed" | "taken" | "refused";

export type OfferedApplication = {
  readonly application: Application;
  readonly fit: Fit;
  /**
   * Of one volume: one for each of the study. Of several: the sets that the application finds by itself; where it finds none, all
   * volumes together, which says why not. Of these a person may still choose some.
   */
  readonly offers: readonly Offer[];
};

/** The catalogue's order among those that fit alike. */
export function offerApplications(
  catalogue: readonly Application[],
  volumes: readonly PlannedVolume[],
): readonly OfferedApplication[] {
  const offered = catalogue.map((application) => {
    const considered = consider(application, volumes);
    return { application, fit: fitOf(considered), offers: considered.map(({ offer }) => offer) };
  });
  return (["proposed", "taken", "refused"] as const).flatMap((fit) =>
    offered.filter((one) => one.fit === fit),
  );
}

type Considered = { readonly offer: Offer; readonly byRule: boolean };

function fitOf(considered: readonly Considered[]): Fit {
  const taken = considered.filter(({ offer }) => "parameters" in offer);
  if (taken.length === 0) return "refused";
  return taken.some(({ byRule }) => byRule) ? "proposed" : "taken";
}

function consider(application: Application, volumes: readonly PlannedVolume[]): readonly Considered[] {
  if (application.takes === "volume")
    return volumes.map((volume) => offerOf(application, [volume], application.propose(volume.plan)));
  const digestOf = new Map(volumes.map(({ digest, plan }) => [plan, digest]));
  const found = application.propose(volumes.map(({ plan }) => plan)).map((proposed) => {
    const chosen = proposed.plans.map((plan: VolumePlan) => ({ digest: digestOf.get(plan)!, plan }));
    return offerOf(application, chosen, "refused" in proposed ? proposed.refused : [proposed.parameters]);
  });
  return found.length > 0 || volumes.length === 0 ? found : [offerOf(application, volumes, [])];
}

/** What the rule refuses a person may still want; what the application refuses nobody gets. */
function offerOf(
  application: Application,
  volumes: readonly PlannedVolume[],
  proposed: readonly Json[] | Refusal,
): Considered {
  const plans = volumes.map(({ digest }) => digest);
  const read = volumes.map(({ plan }) => plan);
  const [byRule] = isRefusal(proposed) ? [] : proposed;
  const parameters = application.suggest?.(read) ?? byRule ?? {};
  const refused = application.refuses
    ? application.refuses(read, parameters)
    : isRefusal(proposed)
      ? proposed
      : undefined;
  const offer = refused
    ? { plans, refused: { code: refused.refused, reason: refused.reason } }
    : { plans, parameters };
  return { offer, byRule: byRule !== undefined };
}
