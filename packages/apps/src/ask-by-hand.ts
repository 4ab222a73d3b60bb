/**
 * What a person asks for becomes a job request, or a refusal that says to that person why not. Pure: the study's volumes come
 * in, and whether the cluster has room is asked afterwards (dispatch/admission.ts).
 */
import type { Json } from "@releve/domain/canonical-json";
import type { Digest } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { JobPriority, JobRequest } from "@releve/ledger/events/job";
import type { Application } from "./application.ts";
import { parseParameters, type Language } from "./parse-parameters.ts";
import { requestOf, type PlannedVolume, type StudyInput } from "./request-job.ts";

export type Wish = {
  readonly application: string;
  /** Digests of the volumes' plans, in the application's order. */
  readonly plans: readonly Digest[];
  readonly parameters: Json;
  readonly priority: JobPriority;
  /** In which what is wrong with the parameters is said. */
  readonly language: Language;
};

/**
 * @param study its `volumes` are all that the study holds.
 * @returns refused with APPLICATION_UNKNOWN, VOLUME_UNKNOWN, VOLUMES_WRONG, PARAMETERS_TOO_LARGE, PARAMETERS_INVALID, or what the
 * application says of such a volume.
 */
export function askByHand(
  catalogue: readonly Application[],
  wish: Wish,
  study: StudyInput,
): JobRequest | Refusal {
  const application = catalogue.find(({ id }) => id === wish.application);
  if (!application) {
    const known = catalogue.map(({ id }) => id).join(", ");
    return refusal("APPLICATION_UNKNOWN", `There is no such application; there are ${known}.`);
  }
  const volumes = volumesOf(application, wish.plans, study.volumes);
  if (isRefusal(volumes)) return volumes;
  const parameters = parseParameters(application, wish.parameters, wish.language);
  if (isRefusal(parameters)) return parameters;
  const plans = volumes.map(({ plan }) => plan);
  const refused = application.refuses?.(plans, parameters.accepted);
  if (refused) return refused;
  return { ...requestOf(application, study, volumes, parameters.accepted), priority: wish.priority };
}

type Volumes = readonly [PlannedVolume, ...PlannedVolume[]];

function volumesOf(
  { id, takes }: Application,
  plans: readonly Digest[],
  known: readonly PlannedVolume[],
): Volumes | Refusal {
  const volumes = [...new Set(plans)].flatMap((plan) => known.find(({ digest }) => digest === plan) ?? []);
  if (volumes.length < plans.length)
    return refusal("VOLUME_UNKNOWN", "A volume was named twice, or is none of this study as it is now.");
  if (volumes.length === 0 || (takes === "volume" && volumes.length > 1))
    return refusal(
      "VOLUMES_WRONG",
      `${id} takes ${takes === "volume" ? "one volume" : "volumes of the study"}; ${volumes.length} were chosen.`,
    );
  return volumes as unknown as Volumes;
}
