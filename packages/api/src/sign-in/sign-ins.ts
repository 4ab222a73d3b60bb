/**
 * Who is signed in, by the value of their cookie.
 *
 *   none --add--> live --remove, ended by the provider, renewal refused, endsAtMs--> none
 *
 * The access token is renewed in silence before it expires, so a role that is taken away at the provider is gone here within
 * a token's life. While the provider does not answer, who is signed in works on for `withoutProviderMs` after it last said
 * yes; then the sign-in is over. Nobody new comes in meanwhile.
 */
import { randomBytes } from "node:crypto";
import type { Person } from "@releve/access/person";
import type { Clock } from "@releve/domain/clock";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { SignOutReason } from "@releve/ledger/events/access";
import type { FreshSignIn, IdentityProvider, Tokens } from "./identity-provider.ts";
import type { SignedIn } from "./person-of.ts";
import {
  signInIdOf,
  type ProviderNames,
  type SessionStore,
  type SignInId,
  type SignInRecord,
} from "./session-store.ts";

export type SignInLimits = {
  /** From sign-in to the end, whatever happens: a working day. */
  readonly lastsMs: number;
  readonly withoutProviderMs: number;
  /** Before the access token expires. */
  readonly renewBeforeMs: number;
  /** Between two tries to reach a provider that does not answer. */
  readonly againMs: number;
};

export const signInLimits: SignInLimits = {
  lastsMs: 12 * 3_600_000,
  withoutProviderMs: 3_600_000,
  renewBeforeMs: 30_000,
  againMs: 10_000,
};

export type SignIns = {
  /** @returns the cookie's value: drawn here, never taken from the browser. */
  readonly add: (fresh: FreshSignIn) => string;
  /** Refusals: SIGN_IN_EXPIRED. */
  readonly find: (cookie: string) => Promise<SignedIn | Refusal>;
  /** @returns whose sign-in that was, for the provider to end. */
  readonly remove: (cookie: string) => SignInRecord | undefined;
  readonly removeNamed: (names: Partial<ProviderNames>) => void;
  /** Renews whoever has something open, and ends what is over: to be called every few seconds. */
  readonly lookAfter: () => Promise<void>;
  readonly close: () => void;
};

type Live = {
  readonly ended: AbortController;
  renewing: Promise<SignInRecord | Refusal> | undefined;
  againAtMs: number;
};

export function signIns(
  store: SessionStore,
  provider: Pick<IdentityProvider, "renew">,
  { nowMs }: Pick<Clock, "nowMs">,
  limits: SignInLimits = signInLimits,
  onEnd: (person: Person, reason: SignOutReason) => void = () => {},
): SignIns {
  const live = new Map<SignInId, Live>();
  const liveOf = (id: SignInId): Live => {
    const known = live.get(id) ?? newLive();
    live.set(id, known);
    return known;
  };
  const remove = (id: SignInId, reason: SignOutReason): void => {
    const ending = store.find(id, nowMs());
    store.remove(id);
    live.get(id)?.ended.abort();
    live.delete(id);
    if (ending) onEnd(ending.person, reason);
  };

  async function current(id: SignInId): Promise<SignInRecord | Refusal> {
    const now = nowMs();
    const record = store.find(id, now);
    if (!record) {
      remove(id, "expired");
      return expired();
    }
    const here = liveOf(id);
    if (record.tokenExpiresAtMs - limits.renewBeforeMs > now || here.againAtMs > now)
      return orOver(id, record);
    here.renewing ??= renewed(id, record).finally(() => (here.renewing = undefined));
    return here.renewing;
  }

  async function renewed(id: SignInId, record: SignInRecord): Promise<SignInRecord | Refusal> {
    const { ended } = liveOf(id);
    const tokens = await provider.renew(record.refreshToken);
    if (ended.signal.aborted) return expired(); // signed out meanwhile, or closed
    if (isRefusal(tokens)) {
      if (tokens.refused !== "PROVIDER_UNREACHABLE") remove(id, "provider");
      else liveOf(id).againAtMs = nowMs() + limits.againMs;
      return tokens.refused === "PROVIDER_UNREACHABLE" ? orOver(id, record) : expired();
    }
    return store.update(id, { ...record, ...kept(tokens), verifiedAtMs: nowMs() });
  }

  function orOver(id: SignInId, record: SignInRecord): SignInRecord | Refusal {
    if (goodUntilMs(record, limits) > nowMs()) return record;
    remove(id, "expired");
    return expired();
  }

  return {
    add: (fresh) => added(store, fresh, nowMs(), limits.lastsMs),
    find: async (cookie) => {
      const id = signInIdOf(cookie);
      const record = await current(id);
      return isRefusal(record) ? record : { person: record.person, ended: liveOf(id).ended.signal };
    },
    remove: (cookie) => {
      const id = signInIdOf(cookie);
      const record = store.find(id, nowMs());
      remove(id, "asked");
      return record;
    },
    removeNamed: (names) => store.idsOf(names).forEach((id) => remove(id, "provider")),
    lookAfter: async () => void (await Promise.all([...live.keys()].map(current))),
    close: () => {
      live.forEach(({ ended }) => ended.abort());
      store.close();
    },
  };
}

/** A record that the provider has not confirmed for too long is over. */
const goodUntilMs = (record: SignInRecord, { withoutProviderMs }: SignInLimits): number =>
  Math.max(record.tokenExpiresAtMs, record.verifiedAtMs + withoutProviderMs);

function added(store: SessionStore, fresh: FreshSignIn, now: number, lastsMs: number): string {
  const cookie = randomBytes(32).toString("base64url");
  const record = { ...kept(fresh), verifiedAtMs: now, signedInAtMs: now };
  const names = { session: fresh.providerSession, subject: fresh.providerSubject };
  store.add(signInIdOf(cookie), record, names, now + lastsMs);
  return cookie;
}

const kept = ({ person, refreshToken, expiresAtMs }: Tokens) => ({
  person,
  refreshToken,
  tokenExpiresAtMs: expiresAtMs,
});

const newLive = (): Live => ({ ended: new AbortController(), renewing: undefined, againAtMs: 0 });

const expired = (): Refusal => refusal("SIGN_IN_EXPIRED", "Your sign-in is over: sign in again.");
