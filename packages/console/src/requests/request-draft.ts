/** What the form begins with, and what changes with a choice. Pure. */
import type { RequestOptions } from "../app/answers.ts";
import { initialValue, isSchema, type Json } from "./schema-node.ts";

export type Draft = {
  readonly application: string;
  readonly plans: readonly string[];
  readonly parameters: Json;
};

type ApplicationOption = RequestOptions["applications"][number];

/** The application on the first volumes that it takes, with the parameters that it begins with there. */
export function draftFor(options: RequestOptions, id: string): Draft {
  const application = applicationOf(options, id);
  const offer = application?.offers.find((one) => "parameters" in one) ?? application?.offers[0];
  const plans = offer?.plans ?? options.volumes.slice(0, 1).map(({ plan }) => plan);
  return { application: id, plans, parameters: parametersFor(application, plans) };
}

/** What the study is for first; what takes none of its volumes in a group of its own, because a person may know better which to choose. */
export function applicationChoices(options: RequestOptions, language: "en" | "fr", others: string) {
  const choice = ({ id, title }: ApplicationOption) => ({ value: id, label: title[language] });
  const refused = options.applications.filter(({ fit }) => fit === "refused").map(choice);
  return [
    ...options.applications.filter(({ fit }) => fit !== "refused").map(choice),
    ...(refused.length > 0 ? [{ group: others, items: refused }] : []),
  ];
}

/** For each application that takes none of the study's volumes: the reason, where one is enough for all of them. */
export const whyNotOffered = (options: RequestOptions, language: "en" | "fr") =>
  options.applications
    .filter(({ fit }) => fit === "refused")
    .map(({ id, title, offers }) => {
      const reasons = offers.map((offer) => ("refused" in offer ? offer.refused.reason : ""));
      return { id, title: title[language], reason: [...new Set(reasons)].join(" ") };
    })
    .filter(({ reason }) => reason !== "");

/** Other volumes: the application's own parameters for them, where it has some; else what was there stays. */
export function withPlans(options: RequestOptions, draft: Draft, plans: readonly string[]): Draft {
  const offer = offerFor(applicationOf(options, draft.application), plans);
  const own = offer && "parameters" in offer ? (offer.parameters as Json) : draft.parameters;
  return { ...draft, plans, parameters: own };
}

export const applicationOf = (options: RequestOptions, id: string): ApplicationOption | undefined =>
  options.applications.find((application) => application.id === id);

/** Why the application does not take these volumes, where it says so before it is asked. */
export function refusedFor(options: RequestOptions, { application, plans }: Draft): string | undefined {
  const offer = offerFor(applicationOf(options, application), plans);
  return offer && "refused" in offer ? offer.refused.reason : undefined;
}

const offerFor = (application: ApplicationOption | undefined, plans: readonly string[]) =>
  application?.offers.find((offer) => offer.plans.join() === plans.join());

function parametersFor(application: ApplicationOption | undefined, plans: readonly string[]): Json {
  const offer = offerFor(application, plans);
  if (offer && "parameters" in offer) return offer.parameters as Json;
  const schema = application?.schema as Json | undefined;
  return isSchema(schema) ? initialValue(schema) : {};
}

/** Enough to tell the volumes of a study apart. */
export function volumeLabel({
  modality,
  slices,
  split,
  seriesInstanceUid,
}: RequestOptions["volumes"][number]): string {
  const which = Object.entries(split).map(([name, value]) => `${name} ${value}`);
  return [modality, `${slices}`, ...which, `…${seriesInstanceUid.slice(-8)}`].join(" · ");
}
