import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isRefusal } from "@releve/domain/refusal";
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from "jose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tokenChecker, type CheckToken } from "./check-token.ts";

/** A realm that gives its keys, or does not. */
let answer: "keys" | "down" | "nothing" = "keys";
let published: JWK[];
let fetches: number;
let server: Server;
let issuer: string;
let check: CheckToken;
let sign: (claims?: object, header?: object) => Promise<string>;

/** The clock of the checker alone; keycloak-connect has the wall clock. */
let skewMs: number;
const limits = { timeoutMs: 1_500, coolDownMs: 10_000, keptMs: 600_000 };
const nowS = () => Math.floor(Date.now() / 1_000);

async function newKey(algorithm: string, kid: string): Promise<CryptoKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  published.push({ ...(await exportJWK(publicKey)), kid, alg: algorithm, use: "sig" });
  return privateKey;
}

const signedBy =
  (key: CryptoKey, algorithm: string, kid: string) =>
  (claims: object = {}, header: object = {}): Promise<string> =>
    new SignJWT({
      iss: issuer,
      aud: "releve",
      sub: "u1",
      typ: "Bearer",
      iat: nowS(),
      exp: nowS() + 300,
      preferred_username: "rita",
      realm_access: { roles: ["radiologist", "offline_access"] },
      groups: ["/sites/site-a", "/staff"],
      ...claims,
    })
      .setProtectedHeader({ alg: algorithm, kid, ...header })
      .sign(key);

beforeEach(async () => {
  [answer, published, fetches, skewMs] = ["keys", [], 0, 0];
  server = createServer((_, response) => {
    fetches++;
    if (answer === "keys") response.end(JSON.stringify({ keys: published }));
    if (answer === "down") response.writeHead(503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/releve`;
  check = tokenChecker({ issuer, audience: "releve", limits, nowMs: () => Date.now() + skewMs });
  sign = signedBy(await newKey("RS256", "first"), "RS256", "first");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const verdict = async (token: string | Promise<string>): Promise<string> => {
  const said = await check(await token);
  return isRefusal(said) ? said.refused : "good";
};

test("a good token says who it is, with our roles only, and where", async () => {
  expect(await check(await sign({ sid: "s1" }))).toMatchObject({
    person: { name: "rita", roles: ["radiologist"], sites: ["site-a"] },
    providerSession: "s1",
  });
  expect(await check(await sign({ groups: ["/sites/every"] }))).toMatchObject({ person: { sites: "every" } });
  expect(await check(await sign({ groups: undefined }))).toMatchObject({ person: { sites: [] } });
});

test.each([
  ["of another issuer", { iss: "http://127.0.0.1:1/realms/releve" }, "TOKEN_WRONG_ISSUER"],
  ["for another audience", { aud: "account" }, "TOKEN_WRONG_AUDIENCE"],
  ["for no audience", { aud: undefined }, "TOKEN_WRONG_AUDIENCE"],
  ["for several, ours among them", { aud: ["account", "releve"] }, "good"],
  ["that has expired", { exp: nowS() - 60 }, "TOKEN_EXPIRED"],
  ["that never expires", { exp: undefined }, "TOKEN_INVALID"],
  ["that is not valid yet", { nbf: nowS() + 60 }, "TOKEN_NOT_YET"],
  ["that is valid since a moment", { nbf: nowS() + 2 }, "good"],
  ["of nobody", { sub: undefined }, "TOKEN_INVALID"],
  ["that is an ID token", { typ: "ID" }, "TOKEN_INVALID"],
])("a token %s: %s", async (_, claims, expected) => {
  expect(await verdict(sign(claims))).toBe(expected);
});

test("no signature, another's signature, a changed claim, no token at all", async () => {
  const unsigned = new UnsecuredJWT({ iss: issuer, aud: "releve", sub: "u1", typ: "Bearer" })
    .setExpirationTime("5m")
    .encode();
  expect(await verdict(unsigned)).toMatch(/TOKEN_(INVALID|WRONG_ALGORITHM)/);
  const { privateKey } = await generateKeyPair("RS256");
  expect(await verdict(signedBy(privateKey, "RS256", "first")())).toBe("TOKEN_INVALID");
  const [header, , signature] = (await sign()).split(".");
  const [, others] = (await sign({ realm_access: { roles: ["operator"] } })).split(".");
  expect(await verdict(`${header}.${others}.${signature}`)).toBe("TOKEN_INVALID");
  expect(await verdict("")).toBe("TOKEN_INVALID");
  expect(await verdict("a".repeat(20_000))).toBe("TOKEN_INVALID");
});

test("a secret in place of the key pair: the public key is not taken for a password", async () => {
  const secret = new TextEncoder().encode(JSON.stringify(published[0]));
  const forged = new SignJWT({ iss: issuer, aud: "releve", sub: "u1", typ: "Bearer" })
    .setExpirationTime("5m")
    .setProtectedHeader({ alg: "HS256", kid: "first" })
    .sign(secret);
  expect(await verdict(forged)).toBe("TOKEN_WRONG_ALGORITHM");
});

test.each(["ES256", "PS256", "EdDSA"])(
  "%s, which keycloak-connect does not know, is taken",
  async (algorithm) => {
    const other = signedBy(await newKey(algorithm, "other"), algorithm, "other");
    expect(await check(await other())).toMatchObject({ person: { roles: ["radiologist"] } });
    expect(await verdict(other({ aud: "account" }))).toBe("TOKEN_WRONG_AUDIENCE");
  },
);

test("a new key is found once the cool-down is over, and an unknown one is not asked for at every token", async () => {
  expect(await verdict(sign())).toBe("good");
  const second = signedBy(await newKey("RS256", "second"), "RS256", "second");
  expect(await verdict(second())).toBe("TOKEN_INVALID");
  expect(fetches).toBe(1);
  const later = tokenChecker({ issuer, audience: "releve", limits: { ...limits, coolDownMs: 0 } });
  expect(isRefusal(await later(await sign()))).toBe(false);
  const third = signedBy(await newKey("RS256", "third"), "RS256", "third");
  expect(isRefusal(await later(await third()))).toBe(false);
});

test.each(["down", "nothing"] as const)(
  "keys: %s. It is asked once, then left alone for a while",
  async (state) => {
    answer = state;
    expect(await verdict(sign())).toBe("KEYS_UNREACHABLE");
    for (let more = 0; more < 5; more++) expect(await verdict(sign())).toBe("KEYS_UNREACHABLE");
    expect(fetches).toBe(1);
    answer = "keys";
    skewMs = limits.coolDownMs;
    expect(await verdict(sign())).toBe("good");
  },
);

test("keys that are known serve while the provider is down", async () => {
  expect(await verdict(sign())).toBe("good");
  answer = "down";
  expect(await verdict(sign())).toBe("good");
  expect(fetches).toBe(1);
});

test("an issuer that is no realm is a mistake in the settings", () => {
  expect(() => tokenChecker({ issuer: "https://example.test", audience: "releve" })).toThrow(RangeError);
});
