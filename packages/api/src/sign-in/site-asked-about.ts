/** Where the thing is that a procedure is asked about: rights that end at one's own site end there. */
import type { SiteId } from "@releve/domain/ids";
import type { ApiContext } from "../api-context.ts";

/** @param input as it came, not checked yet. @returns this site for whatever names no place, or one that is not known here. */
export function siteAskedAbout(
  { model, place }: Pick<ApiContext, "model" | "place">,
  input: unknown,
): SiteId {
  const named = textsOf(input);
  const site = model.ask(({ view }) => {
    const job = named.job ?? (named.delivery && view("delivery", named.delivery)?.job);
    const study = named.study ?? (job && view("job", job)?.study);
    return named.site ?? (study && view("study", study)?.site);
  });
  return (site ?? place.site) as SiteId;
}

function textsOf(input: unknown): Partial<Record<"site" | "study" | "job" | "delivery", string>> {
  if (typeof input !== "object" || input === null) return {};
  return Object.fromEntries(Object.entries(input).filter(([, value]) => typeof value === "string"));
}
