/**
 * Whether an access token is good, and what it says of its bearer. jose decides: issuer, audience, `exp` (required), `nbf`,
 * the list of algorithms, the key. keycloak-connect reads the roles, and has a second look at what it can judge: tokens by
 * RS256, the key being the one that jose found. It sees neither a missing `exp` nor a future `nbf`, hence the order.
 */
import { exportSPKI, jwtVerify, type CryptoKey, type JWTPayload } from "jose";
import { JOSEAlgNotAllowed, JOSEError, JWTClaimValidationFailed, JWTExpired } from "jose/errors";
import { Fault } from "@releve/domain/fault";
import { subjectIdOf, isName, type SiteId } from "@releve/domain/ids";
import { refusal, type Refusal } from "@releve/domain/refusal";
import Config from "keycloak-connect/middleware/auth-utils/config.js";
import GrantManager from "keycloak-connect/middleware/auth-utils/grant-manager.js";
import Token from "keycloak-connect/middleware/auth-utils/token.js";
import { fetchKeys, keyLimits, type KeyLimits } from "./fetch-keys.ts";
import type { Person } from "./person.ts";
import { roles } from "./roles.ts";

export type TokenRules = {
  /** The realm's URL, `https://HOST/realms/REALM`. */
  readonly issuer: string;
  readonly audience: string;
  /** Where the realm's keys are; by default where Keycloak has them. */
  readonly keysUrl?: URL;
  readonly limits?: KeyLimits;
  readonly nowMs?: () => number;
};

export type CheckedToken = {
  readonly person: Person;
  readonly expiresAtMs: number;
  /** Of the sign-in at the provider, where the token belongs to one. */
  readonly providerSession: string | undefined;
};

/** Refusals: TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_NOT_YET, TOKEN_WRONG_AUDIENCE, TOKEN_WRONG_ISSUER, TOKEN_WRONG_ALGORITHM, KEYS_UNREACHABLE. */
export type CheckToken = (token: string) => Promise<CheckedToken | Refusal>;

/** Asymmetric ones only: with a shared secret whoever can check a token could make one. */
const algorithms = ["RS256", "PS256", "ES256", "EdDSA"];
/** Clocks of two machines differ a little. */
const toleranceS = 5;
/** Longer ones are no tokens of ours, and are not worth a signature's time. */
const tokenCharactersMax = 16_384;

/** @throws RangeError for an issuer that is no realm's URL. */
export function tokenChecker(rules: TokenRules): CheckToken {
  const { issuer, audience, limits = keyLimits, nowMs = () => Date.now() } = rules;
  const keysUrl = rules.keysUrl ?? new URL(`${issuer}/protocol/openid-connect/certs`);
  const keys = fetchKeys(keysUrl, limits, nowMs);
  const again = secondLook(issuer, audience);
  return async (token) => {
    if (token.length > tokenCharactersMax) return refusal("TOKEN_INVALID", "The token is too long.");
    try {
      const { payload, protectedHeader, key } = await jwtVerify(token, keys, {
        issuer,
        audience,
        algorithms,
        clockTolerance: toleranceS,
        currentDate: new Date(nowMs()),
        requiredClaims: ["exp", "sub"],
      });
      // Keycloak signs ID tokens and logout tokens with the same keys.
      if (payload["typ"] !== "Bearer") return refusal("TOKEN_INVALID", "It is no access token.");
      const read = new Token(token, audience);
      const doubt = protectedHeader.alg === "RS256" ? await again(read, key) : undefined;
      return doubt ?? checked(payload, read, issuer);
    } catch (error) {
      return reasonFor(error);
    }
  };
}

function checked(payload: JWTPayload, read: Token, issuer: string): CheckedToken {
  const { sub, exp, sid, preferred_username: name } = payload;
  return {
    person: {
      subject: subjectIdOf(issuer, sub!),
      name: typeof name === "string" ? name : "",
      roles: roles.filter((role) => read.hasRealmRole(role)),
      sites: sitesOf(payload["groups"]),
    },
    expiresAtMs: exp! * 1_000,
    providerSession: typeof sid === "string" ? sid : undefined,
  };
}

/** Groups `/sites/NAME`, or `/sites/every`; somebody without any belongs to no site. */
function sitesOf(groups: unknown): Person["sites"] {
  const named = (Array.isArray(groups) ? groups : []).map(siteNamed).filter((name) => name !== undefined);
  return named.some((name) => name === "every") ? "every" : named;
}

function siteNamed(group: unknown): SiteId | undefined {
  const name = typeof group === "string" && group.startsWith("/sites/") ? group.slice("/sites/".length) : "";
  return isName(name) ? (name as SiteId) : undefined;
}

/** What keycloak-connect says to it; it knows RS256 alone, and takes the key from us because it would wait for one for ever. */
function secondLook(issuer: string, audience: string) {
  const [, server, realm] = /^(https?:\/\/.+)\/realms\/([^/]+)$/.exec(issuer) ?? [];
  if (server === undefined || realm === undefined)
    throw new RangeError(`${issuer} is no realm: https://HOST/realms/REALM is`);
  const config = new Config({
    realm,
    "auth-server-url": server,
    resource: audience,
    "bearer-only": true,
    "verify-token-audience": true,
  });
  return async (token: Token, key: CryptoKey): Promise<Refusal | undefined> => {
    const manager = new GrantManager(config);
    manager.publicKey = await exportSPKI(key);
    return manager.validateToken(token, "Bearer").then(
      () => undefined,
      (error: Error) => refusal("TOKEN_INVALID", `keycloak-connect says: ${error.message}.`),
    );
  };
}

/** @throws what is neither the token's fault nor the provider's. */
function reasonFor(error: unknown): Refusal {
  if (error instanceof Fault) return refusal(error.code, error.message);
  if (error instanceof JWTExpired) return refusal("TOKEN_EXPIRED", "The token has expired.");
  if (error instanceof JOSEAlgNotAllowed)
    return refusal("TOKEN_WRONG_ALGORITHM", "The token is signed by an algorithm that is not allowed.");
  if (error instanceof JWTClaimValidationFailed) return claims[error.claim] ?? invalid;
  if (error instanceof JOSEError) return invalid;
  throw error;
}

const invalid = refusal("TOKEN_INVALID", "The token is not valid.");
const claims: Readonly<Record<string, Refusal>> = {
  aud: refusal("TOKEN_WRONG_AUDIENCE", "The token is for another system."),
  iss: refusal("TOKEN_WRONG_ISSUER", "The token is by another identity provider."),
  nbf: refusal("TOKEN_NOT_YET", "The token is not valid yet."),
};
