import type { JobId, SiteId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import type { JobEvent } from "../events/job.ts";
import { effectiveCompletion, nextCompletion, type SiteCompletion } from "./effective-completion.ts";

const job = "20000000-0000-5000-8000-000000000001" as JobId;

/** `a`: completed at site-a; `a!`: and superseded there already. */
const completion = (text: string): SiteCompletion => ({
  site: `site-${text.replace("!", "")}` as SiteId,
  superseded: text.endsWith("!"),
});

test.each([
  ["b", "b", ""],
  ["a b", "a", "b by a"],
  ["b a", "a", "b by a"],
  ["b! a", "a", ""],
  ["c a b", "a", "c by a, b by a"],
  ["c! a b", "a", "b by a"],
  // Superseded by one that is not seen here: it was lower, so the higher one has lost as well.
  ["b! c", "b", "c by b"],
  ["10 9", "10", "9 by 10"],
])("of the completions %s that of %s counts: %s", (completions, effective, supersede) => {
  const judged = effectiveCompletion({ job }, completions.split(" ").map(completion));
  expect(judged?.effective).toBe(`site-${effective}`);
  const told = judged?.supersede.map(({ site, command }) => {
    expect(command).toMatchObject({ type: "supersede", by: job });
    return `${site} by ${command.bySite}`.replaceAll("site-", "");
  });
  expect(told?.join(", ")).toBe(supersede);
});

test("a job that nobody completed has no effective completion", () => {
  expect(effectiveCompletion({ job }, [])).toBeUndefined();
});

test("a completion that another job superseded takes no part", () => {
  const site = "site-a" as SiteId;
  const completed = { type: "JobCompleted", job, site } as JobEvent;
  const bySite: JobEvent = { type: "JobSuperseded", job, by: job, bySite: "site-0" as SiteId };
  const known = nextCompletion(undefined, completed);
  expect(known).toEqual({ site, superseded: false });
  expect(nextCompletion(known, bySite)).toEqual({ site, superseded: true });
  expect(nextCompletion(known, { ...bySite, bySite: null })).toBeUndefined();
});
