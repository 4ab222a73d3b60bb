import type { SiteId, SubjectId } from "@releve/domain/ids";
import { expect, test } from "vitest";
import { mayDo } from "./may-do.ts";
import type { Person } from "./person.ts";
import { operations, reachOf } from "./rights.ts";
import { roles, type Role } from "./roles.ts";

const siteA = { site: "site-a" as SiteId };
const siteB = { site: "site-b" as SiteId };

const somebody = (held: readonly Role[], sites: Person["sites"] = [siteA.site]): Person => ({
  subject: "00000000-0000-5000-8000-000000000001" as SubjectId,
  name: "somebody",
  roles: held,
  sites,
});

test.each(operations.flatMap((operation) => roles.map((role) => [operation, role] as const)))(
  "%s by %s is what the table says, at the own site and at another",
  (operation, role) => {
    const reach = reachOf(role, operation);
    const may = (sites: Person["sites"], at: typeof siteA) =>
      mayDo(somebody([role], sites), operation, at) === undefined;
    expect(may([siteA.site], siteA)).toBe(reach !== "no");
    expect(may([siteA.site], siteB)).toBe(reach === "every");
    expect(may("every", siteB)).toBe(reach !== "no");
    expect(may([], siteA)).toBe(reach === "every");
  },
);

test("who has no role may do nothing, and the widest of several roles counts", () => {
  for (const operation of operations)
    expect(mayDo(somebody([], "every"), operation, siteA)).toMatchObject({ refused: "NOT_ALLOWED" });
  expect(mayDo(somebody(["technologist", "radiologist"]), "studies.get", siteB)).toBeUndefined();
  expect(mayDo(somebody(["technologist"]), "studies.get", siteB)).toMatchObject({ refused: "OTHER_SITE" });
});

test("what separates the roles: pixels are for who treats, nodes for who runs them, events for who audits", () => {
  const may = (operation: (typeof operations)[number]) =>
    roles.filter((role) => reachOf(role, operation) !== "no");
  expect(may("sessions.stream")).toEqual(["radiologist", "nuclear-physician", "clinician", "technologist"]);
  expect(may("pictures.get")).toEqual(may("sessions.stream"));
  expect(may("nodes.drain")).toEqual(["site-admin", "operator"]);
  expect(may("events.list")).toContain("dpo");
  expect(may("studies.list")).not.toContain("auditor");
});
