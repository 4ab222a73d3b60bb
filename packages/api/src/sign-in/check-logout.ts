/** The provider's notice that a sign-in has ended (OpenID Connect Back-Channel Logout 1.0, section 2.6). */
import { fetchKeys, keyLimits } from "@releve/access/fetch-keys";
import { Fault } from "@releve/domain/fault";
import { refusal, type Refusal } from "@releve/domain/refusal";
import { jwtVerify } from "jose";
import { JOSEError } from "jose/errors";

/** One of the two at least: a sign-in, or all of a person's. */
export type EndedSignIn = { readonly session: string | undefined; readonly subject: string | undefined };

const event = "http://schemas.openid.net/event/backchannel-logout";
/** Old ones could be sent again, to sign somebody out who has signed in since. */
const maxAgeS = 120;

export function checkedLogout(issuer: string, clientId: string) {
  const keys = fetchKeys(new URL(`${issuer}/protocol/openid-connect/certs`), keyLimits, () => Date.now());
  return async (logoutToken: string): Promise<EndedSignIn | Refusal> => {
    try {
      const { payload } = await jwtVerify(logoutToken, keys, {
        issuer,
        audience: clientId,
        algorithms: ["RS256", "PS256", "ES256", "EdDSA"],
        maxTokenAge: maxAgeS,
        clockTolerance: 5,
        requiredClaims: ["iat", "jti", "events"],
      });
      const { sid, sub, nonce, events } = payload;
      const session = typeof sid === "string" ? sid : undefined;
      const isNotice =
        typeof events === "object" && events !== null && event in events && nonce === undefined;
      return isNotice && (session ?? sub) !== undefined ? { session, subject: sub } : notice();
    } catch (error) {
      if (error instanceof JOSEError || error instanceof Fault) return notice();
      throw error;
    }
  };
}

const notice = (): Refusal => refusal("TOKEN_INVALID", "This is no notice of a sign-out.");
