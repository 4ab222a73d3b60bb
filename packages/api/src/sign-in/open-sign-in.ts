/** Sign-in for one API: everything that it needs, put together and looked after until it is closed. */
import { join } from "node:path";
import type { Person } from "@releve/access/person";
import type { Clock } from "@releve/domain/clock";
import type { SiteId } from "@releve/domain/ids";
import type { FastifyInstance } from "fastify";
import type { AccessNotes } from "./access-notes.ts";
import { cookieJar } from "./cookies.ts";
import { identityProvider, type IdentityProviderOptions } from "./identity-provider.ts";
import { personBySignIn } from "./person-by-sign-in.ts";
import type { PersonOf } from "./person-of.ts";
import { keyIn, sealerWith } from "./seal.ts";
import { openSessionStore } from "./session-store.ts";
import { signInRoutes, type SignInParts } from "./sign-in-routes.ts";
import { signInLimits, signIns as signInsOf, type SignInLimits } from "./sign-ins.ts";

export type SignInOptions = IdentityProviderOptions & {
  /** Where sign-ins and their key are kept. */
  readonly dir: string;
  readonly limits?: SignInLimits;
};

export type SignIn = {
  readonly personOf: PersonOf;
  readonly addRoutes: (app: FastifyInstance) => void;
  readonly parts: SignInParts;
  readonly close: () => void;
};

const lookAfterMs = 5_000;

/** @throws what the file system says of `dir`; RangeError for an issuer that is no realm. */
export function openSignIn(
  options: SignInOptions,
  site: SiteId,
  operatorUri: string,
  clock: Clock,
  note: AccessNotes["note"],
): SignIn {
  const { dir, consoleUrl, limits = signInLimits } = options;
  const provider = identityProvider(options);
  const sealer = sealerWith(keyIn(join(dir, "session.key")));
  const store = openSessionStore(join(dir, "sign-ins.sqlite"), sealer);
  const signIns = signInsOf(store, provider, clock, limits, ({ subject }, reason) =>
    note({ type: "SignedOut", subject, site, reason }),
  );
  const secure = consoleUrl.startsWith("https:");
  const session = cookieJar(site, "session", secure);
  const pending = cookieJar(site, "sign-in", secure);
  const { nowMs } = clock;
  const { checkToken } = provider;
  const onSignIn = ({ subject, roles }: Person) => note({ type: "SignedIn", subject, roles, site });
  const parts = { provider, signIns, sealer, session, pending, consoleUrl, nowMs, onSignIn };
  const looking = setInterval(() => void signIns.lookAfter(), lookAfterMs).unref();
  return {
    personOf: personBySignIn({ signIns, checkToken, cookieName: session.name, operatorUri, nowMs }),
    addRoutes: (app) => signInRoutes(app, parts),
    parts,
    close: () => {
      clearInterval(looking);
      signIns.close();
    },
  };
}
