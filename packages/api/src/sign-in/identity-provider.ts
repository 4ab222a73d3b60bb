/**
 * The identity provider as this server speaks to it, by openid-client: code flow with PKCE, renewal, sign-out, and the
 * notice that a sign-in has ended. Every access token goes through the token check; tokens stay on this side.
 */
import { checkedLogout, type EndedSignIn } from "./check-logout.ts";
import { tokenChecker, type CheckedToken, type CheckToken } from "@releve/access/check-token";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import * as client from "openid-client";

export type IdentityProviderOptions = {
  /** The realm's URL, `https://HOST/realms/REALM`; plain http on loopback only. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whom access tokens are for. */
  readonly audience: string;
  /** Where people reach the console, such as `https://releve.example`. */
  readonly consoleUrl: string;
};

/** What is kept in the browser between leaving for the provider and coming back. */
export type Pending = { readonly state: string; readonly nonce: string; readonly verifier: string };

export type Tokens = CheckedToken & { readonly refreshToken: string };
export type FreshSignIn = Tokens & { readonly providerSubject: string };

/** Refusals: PROVIDER_UNREACHABLE where waiting may help; SIGN_IN_REFUSED and those of the token check where it does not. */
export type IdentityProvider = {
  readonly begin: () => Promise<{ readonly url: URL; readonly pending: Pending } | Refusal>;
  /** @param back the URL that the browser came back to. */
  readonly finish: (back: URL, pending: Pending) => Promise<FreshSignIn | Refusal>;
  readonly renew: (refreshToken: string) => Promise<Tokens | Refusal>;
  /** Ends the sign-in there, as far as it answers. */
  readonly end: (refreshToken: string) => Promise<void>;
  readonly ended: (logoutToken: string) => Promise<EndedSignIn | Refusal>;
  readonly checkToken: CheckToken;
};

const timeoutS = 5;
const unreachable = (): Refusal =>
  refusal("PROVIDER_UNREACHABLE", "The identity provider does not answer: nobody can sign in now.");

export function identityProvider(options: IdentityProviderOptions): IdentityProvider {
  const { issuer, clientId, clientSecret, consoleUrl } = options;
  const checkToken = tokenChecker(options);
  const redirectUri = `${consoleUrl}/sign-in/back`;
  const discover = discovery(options);
  /** @returns what `ask` gives, or why the provider did not. */
  async function asked<Answer>(
    ask: (config: client.Configuration) => Promise<Answer>,
  ): Promise<Answer | Refusal> {
    try {
      return await ask(await discover());
    } catch (error) {
      return refusalFor(error);
    }
  }
  const tokensOf = async (
    answer: client.TokenEndpointResponse,
    before?: string,
  ): Promise<Tokens | Refusal> => {
    const checked = await checkToken(answer.access_token);
    const refreshToken = answer.refresh_token ?? before;
    if (isRefusal(checked)) return checked.refused === "KEYS_UNREACHABLE" ? unreachable() : checked;
    if (refreshToken === undefined)
      return refusal("SIGN_IN_REFUSED", "The identity provider gives no refresh token.");
    return { ...checked, refreshToken };
  };
  return {
    checkToken,
    begin: () => asked((config) => leaving(config, redirectUri)),
    finish: (back, { state, nonce, verifier }) =>
      asked(async (config) => {
        const answer = await client.authorizationCodeGrant(config, new URL(`${redirectUri}${back.search}`), {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
        });
        const tokens = await tokensOf(answer);
        if (isRefusal(tokens)) return tokens;
        const { sub, sid } = answer.claims()!;
        const providerSession = typeof sid === "string" ? sid : tokens.providerSession;
        return { ...tokens, providerSession, providerSubject: sub };
      }),
    renew: (refreshToken) =>
      asked(async (config) => tokensOf(await client.refreshTokenGrant(config, refreshToken), refreshToken)),
    // Keycloak ends the whole sign-in at this endpoint when a client's server shows the refresh token.
    end: async (refreshToken) => {
      const body = new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecret,
        refresh_token: refreshToken,
      });
      const signal = AbortSignal.timeout(timeoutS * 1_000);
      const url = `${issuer}/protocol/openid-connect/logout`;
      // Whether it answers or not, the sign-in here is gone.
      await fetch(url, { method: "POST", body, signal, redirect: "manual" }).catch(() => undefined);
    },
    ended: checkedLogout(issuer, clientId),
  };
}

async function leaving(config: client.Configuration, redirectUri: string) {
  const pending = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
  };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: "openid profile",
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: "S256",
  });
  return { url, pending };
}

/** Found once; a provider that was away is asked again at the next question. */
function discovery({ issuer, clientId, clientSecret }: IdentityProviderOptions) {
  let found: Promise<client.Configuration> | undefined;
  const execute = issuer.startsWith("http:") ? [client.allowInsecureRequests] : [];
  return () =>
    (found ??= client
      .discovery(new URL(issuer), clientId, undefined, client.ClientSecretPost(clientSecret), {
        execute,
        timeout: timeoutS,
      })
      .catch((error: unknown) => {
        found = undefined;
        throw error;
      }));
}

/** What says no is an answer; a connection that fails, a time-out and a 5xx are none. */
function refusalFor(error: unknown): Refusal {
  if (error instanceof client.ResponseBodyError && error.status < 500)
    return refusal("SIGN_IN_REFUSED", `The identity provider refuses it (${error.error}).`);
  if (error instanceof client.AuthorizationResponseError)
    return refusal("SIGN_IN_REFUSED", `The identity provider refuses it (${error.error}).`);
  if (error instanceof client.ClientError && error.code !== undefined && noAnswer.has(error.code))
    return unreachable();
  if (error instanceof client.ClientError)
    return refusal(
      "SIGN_IN_REFUSED",
      "What came back from the identity provider does not belong to this sign-in.",
    );
  return unreachable();
}

const noAnswer: ReadonlySet<string> = new Set([
  "OAUTH_TIMEOUT",
  "OAUTH_RESPONSE_IS_NOT_CONFORM",
  "OAUTH_RESPONSE_IS_NOT_JSON",
  "OAUTH_PARSE_ERROR",
]);
