import type { Person } from "@releve/access/person";
import type { SubjectId } from "@releve/domain/ids";
import { isRefusal, refusal } from "@releve/domain/refusal";
import { beforeEach, expect, test } from "vitest";
import type { IdentityProvider } from "./identity-provider.ts";
import { sealerWith } from "./seal.ts";
import { openSessionStore } from "./session-store.ts";
import { signInLimits, signIns, type SignIns } from "./sign-ins.ts";

const tokenMs = 300_000;
const person: Person = {
  subject: "00000000-0000-5000-8000-000000000001" as SubjectId,
  name: "rita",
  roles: ["radiologist"],
  sites: "every",
};

let nowMs: number;
let renewals: number;
let answer: "yes" | "no" | "away" | "demoted";
let all: SignIns;
let cookie: string;

const tokens = (roles: Person["roles"] = person.roles) => ({
  person: { ...person, roles },
  refreshToken: "refresh",
  expiresAtMs: nowMs + tokenMs,
  providerSession: "s1",
});

const renew: IdentityProvider["renew"] = async () => {
  renewals++;
  if (answer === "away") return refusal("PROVIDER_UNREACHABLE", "Away.");
  if (answer === "no") return refusal("SIGN_IN_REFUSED", "No.");
  return tokens(answer === "demoted" ? ["clinician"] : person.roles);
};

beforeEach(() => {
  [nowMs, renewals, answer] = [1_000_000, 0, "yes"];
  const store = openSessionStore(":memory:", sealerWith(new Uint8Array(32)));
  all = signIns(store, { renew }, { nowMs: () => nowMs });
  cookie = all.add({ ...tokens(), providerSubject: "u1" });
});

const found = async (): Promise<string> => {
  const signedIn = await all.find(cookie);
  return isRefusal(signedIn) ? signedIn.refused : signedIn.person.roles.join();
};

test("while its token is good nobody is asked, and shortly before it ends it is renewed, once for all who wait", async () => {
  nowMs += tokenMs - signInLimits.renewBeforeMs - 1;
  expect(await found()).toBe("radiologist");
  expect(renewals).toBe(0);
  nowMs += 1;
  expect(await Promise.all([found(), found(), found()])).toEqual([
    "radiologist",
    "radiologist",
    "radiologist",
  ]);
  expect(renewals).toBe(1);
});

test("a role that is taken away is gone at the next renewal; a renewal that is refused ends the sign-in", async () => {
  const signedIn = await all.find(cookie);
  answer = "demoted";
  nowMs += tokenMs;
  expect(await found()).toBe("clinician");
  answer = "no";
  nowMs += tokenMs;
  expect(await found()).toBe("SIGN_IN_EXPIRED");
  expect(!isRefusal(signedIn) && signedIn.ended.aborted).toBe(true);
});

test("a provider that is away leaves an hour, and is asked every ten seconds at most", async () => {
  answer = "away";
  nowMs += tokenMs;
  for (let ask = 0; ask < 5; ask++) expect(await found()).toBe("radiologist");
  expect(renewals).toBe(1);
  nowMs += signInLimits.againMs;
  expect(await found()).toBe("radiologist");
  expect(renewals).toBe(2);
  nowMs = 1_000_000 + signInLimits.withoutProviderMs;
  expect(await found()).toBe("SIGN_IN_EXPIRED");
});

test("what is open is renewed without being asked for, and ends when the day is over", async () => {
  const signedIn = await all.find(cookie);
  if (isRefusal(signedIn)) throw new Error(signedIn.reason);
  for (let spent = 0; spent < signInLimits.lastsMs - tokenMs; spent += tokenMs) {
    nowMs += tokenMs;
    await all.lookAfter();
    expect(signedIn.ended.aborted).toBe(false);
  }
  nowMs += tokenMs;
  await all.lookAfter();
  expect(signedIn.ended.aborted).toBe(true);
  expect(await found()).toBe("SIGN_IN_EXPIRED");
});

test.each([
  ["its own sign-in", { session: "s1", subject: "u1" }, "SIGN_IN_EXPIRED"],
  ["another sign-in of the person", { session: "s2", subject: "u1" }, "radiologist"],
  ["all of the person's", { subject: "u1" }, "SIGN_IN_EXPIRED"],
  ["all of another's", { subject: "u2" }, "radiologist"],
])("the provider ends %s", async (_, names, expected) => {
  all.removeNamed(names);
  expect(await found()).toBe(expected);
});

test("signed out while the renewal was under way, it stays so", async () => {
  nowMs += tokenMs;
  const finding = found();
  all.remove(cookie);
  expect(await finding).toBe("SIGN_IN_EXPIRED");
  expect(await found()).toBe("SIGN_IN_EXPIRED");
});
