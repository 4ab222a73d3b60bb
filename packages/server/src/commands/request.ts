/**
 * `releve request --study UID|--series UID [--app APP] [--volume IDS] [--parameters JSON|@FILE] [--priority P]`: asks for an
 * application by hand. Without an application it says what there is to ask for.
 */
import { readFileSync } from "node:fs";
import type { ApplicationOption, RequestOptions } from "@releve/api/requests/request-options";
import type { Offer } from "@releve/apps/offer-applications";
import type { Json } from "@releve/domain/canonical-json";
import { Fault } from "@releve/domain/fault";
import { isUid, isUuid, studyIdOf } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { jobPriorities, type JobPriority } from "@releve/ledger/events/job";
import { askApi, type Api } from "./open-api.ts";

export type RequestArgs = {
  readonly data: string;
  readonly console?: string | undefined;
  readonly study?: string | undefined;
  readonly series?: string | undefined;
  readonly app?: string | undefined;
  /** Of the volumes' plans, as the list prints them, comma separated, in the application's order. */
  readonly volume?: string | undefined;
  readonly parameters?: string | undefined;
  readonly priority?: string | undefined;
};

/** @returns the exit code: 1 for a refusal. @throws Fault for arguments that say nothing usable, and those of the API. */
export const request = (args: RequestArgs): Promise<number> =>
  askApi(args.data, args.console, async (api) => {
    const options = await api.requests.options.query({ study: await studyOf(api, args) });
    if (isRefusal(options)) return say(process.stderr, options.reason, 1);
    const { app } = args;
    if (app === undefined) return say(process.stdout, listOf(options).join("\n"), 0);
    const application = options.applications.find(({ id }) => id === app);
    if (!application) {
      const known = options.applications.map(({ id }) => id).join(", ");
      throw new Fault("APPLICATION_UNKNOWN", `there is no application ${app}; there are ${known}`, "never");
    }
    const plans = chosenPlans(options, application, args);
    const done = await api.requests.make.mutate({
      study: options.study,
      application: app,
      plans,
      parameters: parametersOf(args.parameters, application.offers, plans),
      priority: priorityOf(args.priority),
    });
    if (isRefusal(done)) return say(process.stderr, done.reason, 1);
    const { job, changed } = done;
    return say(process.stdout, `job ${job} ${changed ? "is requested" : "was asked for before"}`, 0);
  });

function say(stream: NodeJS.WriteStream, sentence: string, code: number): number {
  stream.write(`${sentence}\n`);
  return code;
}

/** @throws Fault STUDY_UNKNOWN */
async function studyOf(api: Api, { study, series }: RequestArgs): Promise<string> {
  if (study !== undefined) {
    if (isUuid(study)) return study;
    if (isUid(study)) return studyIdOf(study);
    throw new Fault("STUDY_UNKNOWN", `${study} is neither a Study Instance UID nor a study's id`, "never");
  }
  if (series === undefined)
    throw new Fault("STUDY_UNKNOWN", "name it by --study UID or --series UID", "never");
  const all = await api.studies.list.query({ limit: 500 });
  const holder = all.find((view) =>
    view.series.some(({ seriesInstanceUid }) => seriesInstanceUid === series),
  );
  if (!holder) throw new Fault("STUDY_UNKNOWN", "none of the newest 500 studies has this series", "never");
  return holder.study;
}

/**
 * What was named; else the one set of volumes that the application would take.
 * @throws Fault VOLUME_UNKNOWN, VOLUME_AMBIGUOUS with the volumes there are.
 */
function chosenPlans(
  { volumes }: RequestOptions,
  { offers }: ApplicationOption,
  { volume, series }: RequestArgs,
): string[] {
  const names = volumes.map(({ plan }) => plan);
  if (volume !== undefined) return volume.split(",").map((prefix) => oneOf(names, prefix));
  const ofSeries = new Set(
    volumes.filter(({ seriesInstanceUid }) => seriesInstanceUid === series).map(({ plan }) => plan),
  );
  if (series !== undefined && ofSeries.size === 0)
    throw new Fault("VOLUME_UNKNOWN", "this series holds no volume of the study", "never");
  const near = offers.filter(({ plans }) => series === undefined || plans.some((plan) => ofSeries.has(plan)));
  const taken = near.filter((offer) => "parameters" in offer);
  // The refusal of the only candidate is the server's to say.
  const [only, second] = taken.length > 0 ? taken : near;
  if (only && !second) return [...only.plans];
  throw new Fault("VOLUME_AMBIGUOUS", `choose with --volume among ${names.map(short).join(", ")}`, "never");
}

function oneOf(names: readonly string[], prefix: string): string {
  const [first, second] = names.filter((name) => prefix !== "" && name.startsWith(prefix));
  if (!first || second) throw new Fault("VOLUME_UNKNOWN", `not one volume begins with ${prefix}`, "never");
  return first;
}

/** What was given, as JSON or a file of it; else what the application would begin with on these volumes. */
function parametersOf(given: string | undefined, offers: readonly Offer[], plans: readonly string[]): Json {
  if (given === undefined) {
    const offer = offers.find((one) => one.plans.join() === plans.join());
    return offer && "parameters" in offer ? offer.parameters : {};
  }
  try {
    return JSON.parse(given.startsWith("@") ? readFileSync(given.slice(1), "utf8") : given) as Json;
  } catch (error) {
    throw new Fault("PARAMETERS_INVALID", `--parameters is no JSON, and no @FILE of it`, "never", error);
  }
}

/** A person waits for what was asked for by hand: today, unless said otherwise. */
function priorityOf(given = "urgent"): JobPriority {
  const known = jobPriorities.find((priority) => priority === given);
  if (known) return known;
  throw new Fault("PRIORITY_UNKNOWN", `--priority is one of ${jobPriorities.join(", ")}`, "never");
}

const short = (digest: string): string => digest.slice(0, 12);

const listOf = ({ volumes, applications }: RequestOptions): readonly string[] => [
  "volumes:",
  ...volumes.map(({ plan, modality, slices, split }) => {
    const which = Object.entries(split).map(([name, value]) => `${name} ${value}`);
    return `  ${[short(plan), modality, `${slices} slices`, ...which].join("  ")}`;
  }),
  "applications:",
  ...applications.flatMap(({ id, title, offers }) => [
    `  ${id}: ${title.en}`,
    ...offers.map(
      (offer) =>
        `    on ${offer.plans.map(short).join(",")}: ${"refused" in offer ? offer.refused.reason : JSON.stringify(offer.parameters)}`,
    ),
  ]),
];
