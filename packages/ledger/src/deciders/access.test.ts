import type { SiteId, SubjectId, Uuid } from "@releve/domain/ids";
import { expect, test } from "vitest";
import { execute } from "../command-handler.ts";
import type { AccessEvent } from "../events/access.ts";
import { load } from "../fold.ts";
import { memoryLog } from "../memory-log.ts";
import { accessStream } from "../streams.ts";
import {
  accessDecider,
  evolveAccess,
  mayAdminister,
  type AccessCommand,
  type AccessState,
  type Grant,
} from "./access.ts";
import { checkTransitions, outcomeOf, type TransitionTable } from "./transitions.fixture.ts";

const subject = "00000000-0000-5000-8000-000000000001" as SubjectId;
const by = "00000000-0000-5000-8000-000000000002" as SubjectId;
const [siteA, siteB] = ["site-a" as SiteId, "site-b" as SiteId];
const adminOf = (site: SiteId | null): Grant => ({ role: "admin", site });

const grant: AccessCommand = {
  type: "grant",
  subject,
  role: "radiologist",
  site: siteA,
  by,
  held: [adminOf(null)],
};
const revoke: AccessCommand = {
  type: "revoke",
  role: "radiologist",
  site: siteA,
  by,
  held: [adminOf(null)],
  reason: "has left",
  otherAdmins: 1,
};
const noteId = "00000000-0000-4000-8000-000000000003" as Uuid;
const note: AccessCommand = {
  type: "note",
  happened: { type: "SignedIn", note: noteId, subject, roles: ["radiologist"], site: siteA },
};
const bootstrap: AccessCommand = { type: "bootstrap", subject, otherAdmins: 0 };

const granted = (given: Grant): AccessEvent => ({ type: "AccessGranted", subject, by, ...given });
const after = (...events: readonly AccessEvent[]): AccessState =>
  events.reduce<AccessState>(evolveAccess, accessDecider.initial);
const radiologist = after(granted({ role: "radiologist", site: siteA }));
const admin = after(granted(adminOf(null)));
const afterSignIn = after({ type: "SignedIn", note: noteId, subject, roles: [], site: siteA });

const table: TransitionTable<AccessState, AccessCommand> = {
  none: { grant: "AccessGranted", revoke: "!SUBJECT_UNKNOWN", bootstrap: "AccessGranted", note: "SignedIn" },
  known: { grant: "-", revoke: "AccessRevoked", bootstrap: "!NOT_FIRST", note: "SignedIn" },
};

checkTransitions(accessDecider, {
  states: { none: after(), known: radiologist },
  commands: { grant, revoke, bootstrap, note },
  table,
});

test.each<[string, AccessState, AccessCommand, string]>([
  ["an admin of the site may grant there", after(), { ...grant, held: [adminOf(siteA)] }, "AccessGranted"],
  ["an admin of another site may not", after(), { ...grant, held: [adminOf(siteB)] }, "!NOT_ADMIN"],
  ["who holds nothing may not", after(), { ...grant, held: [] }, "!NOT_ADMIN"],
  ["a radiologist may not", after(), { ...grant, held: [{ role: "radiologist", site: null }] }, "!NOT_ADMIN"],
  [
    "a site's admin grants nothing at every site",
    after(),
    { ...grant, site: null, held: [adminOf(siteA)] },
    "!NOT_ADMIN",
  ],
  ["who is no admin is not told what is granted", radiologist, { ...grant, held: [] }, "!NOT_ADMIN"],
  ["the same role at another site is another grant", radiologist, { ...grant, site: siteB }, "AccessGranted"],
  [
    "an admin of another site may not revoke",
    radiologist,
    { ...revoke, held: [adminOf(siteB)] },
    "!NOT_ADMIN",
  ],
  ["what was not granted is revoked already", radiologist, { ...revoke, site: siteB }, "-"],
  ["the last admin stays", admin, { ...revoke, ...adminOf(null), otherAdmins: 0 }, "!LAST_ADMIN"],
  ["one of two admins may go", admin, { ...revoke, ...adminOf(null), otherAdmins: 1 }, "AccessRevoked"],
  [
    "a site's admin may go",
    after(granted(adminOf(siteA))),
    { ...revoke, ...adminOf(siteA), otherAdmins: 0 },
    "AccessRevoked",
  ],
  ["there is one first admin", after(), { ...bootstrap, otherAdmins: 1 }, "!NOT_FIRST"],
  ["the same note twice is one", afterSignIn, note, "-"],
  ["the first admin may have signed in before", afterSignIn, bootstrap, "AccessGranted"],
  ["the first admin twice is one", admin, { ...bootstrap, otherAdmins: 0 }, "-"],
])("%s", (_, state, command, expected) => {
  expect(outcomeOf(accessDecider, state, command)).toBe(expected);
});

test("the first admin is one of every site, by its own hand", () => {
  expect(accessDecider.decide(bootstrap, after())).toEqual([
    { type: "AccessGranted", subject, role: "admin", site: null, by: subject },
  ]);
});

test("a grant twice is held once, and revoked it is gone", () => {
  const given = granted(adminOf(siteA));
  expect(after(given, given)).toEqual({ status: "known", subject, grants: [adminOf(siteA)] });
  const revoked: AccessEvent = { type: "AccessRevoked", subject, ...adminOf(siteA), by, reason: "x" };
  expect(after(given, revoked)).toEqual({ status: "known", subject, grants: [] });
});

test("only an admin administers, and only where", () => {
  expect(mayAdminister([adminOf(null)], siteA)).toBe(true);
  expect(mayAdminister([adminOf(siteA)], siteB)).toBe(false);
  expect(mayAdminister([{ role: "it", site: null }], siteA)).toBe(false);
});

test("a person's rights are one stream: a right that is granted twice is one commit", async () => {
  const log = memoryLog();
  const context = { atMs: 1, site: siteA, actor: "api:site-a" };
  await execute(log, accessStream(subject), accessDecider, bootstrap, context);
  const { state } = await load(log, accessStream(subject), accessDecider);
  const held = state.status === "known" ? state.grants : [];
  const other: AccessCommand = { ...grant, subject: by, by: subject, held };
  for (let times = 0; times < 2; times++) await execute(log, accessStream(by), accessDecider, other, context);
  expect(await log.read(accessStream(by))).toHaveLength(1);
});
