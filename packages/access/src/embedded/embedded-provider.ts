/**
 * The embedded identity provider: oidc-provider with Keycloak's routes and claims, on this machine's loopback and nowhere
 * else. It makes one machine usable at once; a hospital has its own.
 *
 * It lets its clients through without asking for consent, since they are this system itself.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Provider, type ClientMetadata, type Configuration, type KoaContextWithOIDC } from "oidc-provider";
import { isRole } from "../roles.ts";
import { openProviderState } from "./provider-state.ts";
import { readKeys, readSecret, secretFileOf, usersFileIn } from "./prepare-provider.ts";
import { languageOf, lostPage, signInPage } from "./sign-in-page.ts";
import { signOutHandler } from "./sign-out.ts";
import { passwordChecker } from "./users.ts";

export const realm = "releve";
export const audience = "releve";

/** `consoleUrl`: where people come from and go back to. Without one it is a program, which acts as the operator. */
export type ProviderClient = { readonly id: string; readonly consoleUrl?: string };

export type EmbeddedProviderOptions = {
  /** Prepared by `prepareProvider`. */
  readonly dir: string;
  /** 0: any free port. */
  readonly port: number;
  readonly clients: readonly ProviderClient[];
  /** In tests: how long an access token lasts. */
  readonly accessTokenS?: number;
  readonly nowMs?: () => number;
};

export type EmbeddedProvider = { readonly issuer: string; readonly close: () => Promise<void> };

const loopback = "127.0.0.1";
const day = 86_400;
const prefix = `/realms/${realm}`;

export const issuerAt = (port: number): string => `http://${loopback}:${port}${prefix}`;

/** @throws the listener's error; what `readKeys` throws where nothing was prepared. */
export async function startEmbeddedProvider(options: EmbeddedProviderOptions): Promise<EmbeddedProvider> {
  const { dir, port, nowMs = () => Date.now() } = options;
  const state = openProviderState(join(dir, "state.sqlite"), nowMs);
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, loopback, resolve);
  });
  const issuer = issuerAt((server.address() as AddressInfo).port);
  const provider = new Provider(issuer, configurationOf(options, state.adapterFor));
  server.on("request", (request, response) => {
    void answer(request, response).catch(() => response.headersSent || response.writeHead(500).end());
  });
  const answer = handlerOf(provider, options, issuer, passwordChecker(usersFileIn(dir), nowMs));
  return { issuer, close: () => closed(server).finally(state.close) };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

function configurationOf(
  { dir, clients, accessTokenS = 300 }: EmbeddedProviderOptions,
  adapter: NonNullable<Configuration["adapter"]>,
): Configuration {
  const { signing, cookies } = readKeys(dir);
  const resource = `urn:${audience}:api`;
  const at = "/protocol/openid-connect";
  return {
    adapter,
    clients: clients.map((client) => metadataOf(client, readSecret(secretFileOf(dir, client.id)))),
    jwks: { keys: [signing] as never },
    cookies: { keys: cookies },
    claims: { openid: ["sub"], profile: ["preferred_username"] },
    scopes: ["openid", "profile"],
    pkce: { required: () => true },
    routes: {
      authorization: `${at}/auth`,
      token: `${at}/token`,
      jwks: `${at}/certs`,
      userinfo: `${at}/userinfo`,
      end_session: `${at}/end-session`,
    },
    ttl: ttlOf(accessTokenS),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "",
          audience,
          accessTokenFormat: "jwt",
          accessTokenTTL: accessTokenS,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    // It tells its clients of a sign-out only over addresses of the open Internet, unless told so: ours are on this machine.
    fetch: (url, init) => {
      const { dispatcher: _, ...plain } = init as RequestInit & { readonly dispatcher?: unknown };
      return globalThis.fetch(url, plain);
    },
    interactions: { url: (_, { uid }) => `${prefix}/login/${uid}` },
    issueRefreshToken: async (_, client) => client.grantTypeAllowed("refresh_token"),
    rotateRefreshToken: false,
    findAccount: (_, id) =>
      isRole(id) ? { accountId: id, claims: () => ({ sub: id, preferred_username: id }) } : undefined,
    extraTokenClaims: (_, token) => {
      const name = "accountId" in token ? token.accountId : undefined;
      return {
        typ: "Bearer",
        azp: token.clientId,
        preferred_username: name ?? token.clientId,
        realm_access: { roles: [name ?? "operator"] },
        groups: ["/sites/every"],
      };
    },
    loadExistingGrant: (context) => grantOf(context, resource),
  };
}

const ttlOf = (accessTokenS: number) => ({
  AccessToken: accessTokenS,
  ClientCredentials: accessTokenS,
  AuthorizationCode: 60,
  IdToken: 300,
  Interaction: 600,
  Grant: day,
  RefreshToken: day,
  Session: day,
});

function metadataOf({ id, consoleUrl }: ProviderClient, secret: string): ClientMetadata {
  const common = {
    client_id: id,
    client_secret: secret,
    token_endpoint_auth_method: "client_secret_post",
  } as const;
  if (consoleUrl === undefined)
    return { ...common, grant_types: ["client_credentials"], response_types: [], redirect_uris: [] };
  return {
    ...common,
    grant_types: ["authorization_code", "refresh_token"],
    redirect_uris: [`${consoleUrl}/sign-in/back`],
    backchannel_logout_uri: `${consoleUrl}/sign-in/back-channel-logout`,
    backchannel_logout_session_required: true,
  };
}

async function grantOf({ oidc }: KoaContextWithOIDC, resource: string) {
  const { provider, session } = oidc;
  const clientId = oidc.client!.clientId;
  const known = session?.grantIdFor(clientId);
  const found = known === undefined ? undefined : await provider.Grant.find(known);
  if (found) return found;
  const grant = new provider.Grant({ clientId, ...(session?.accountId && { accountId: session.accountId }) });
  grant.addOIDCScope("openid profile");
  grant.addResourceScope(resource, "");
  await grant.save();
  return grant;
}

const bodyMax = 8_192;

/** @returns what answers one request: the sign-in page, the sign-out by a client, or the provider itself. */
function handlerOf(
  provider: Provider,
  { clients }: EmbeddedProviderOptions,
  issuer: string,
  check: ReturnType<typeof passwordChecker>,
) {
  const callback = provider.callback();
  const signOut = signOutHandler(provider);
  const { host } = new URL(issuer);
  const origins = clients.flatMap(({ consoleUrl }) => consoleUrl ?? []).join(" ");
  const headers = {
    // The form's answer leads back to the console, over several redirects.
    "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${origins}; frame-ancestors 'none'; base-uri 'none'`,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
  const html = (response: ServerResponse, status: number, page: string) =>
    response.writeHead(status, { ...headers, "content-type": "text/html; charset=utf-8" }).end(page);

  async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const language = languageOf(request.headers["accept-language"]);
    const action = request.url ?? "";
    const details = await provider.interactionDetails(request, response).catch(() => undefined);
    if (!details || !action.endsWith(`/login/${details.uid}`))
      return void html(response, 400, lostPage(language));
    if (request.method !== "POST") return void html(response, 200, signInPage(language, { action }));
    const { origin } = request.headers;
    // Our own page says `null` because it sends no referrer; another one's name is never right.
    if (origin !== undefined && origin !== "null" && origin !== new URL(issuer).origin)
      return void response.writeHead(403).end();
    const form = await formOf(request);
    const name = form.get("name") ?? "";
    const said = await check(name, form.get("password") ?? "");
    if (said.verdict === "right")
      return provider.interactionFinished(request, response, { login: { accountId: said.name } });
    const status = said.verdict === "locked" ? 429 : 401;
    return void html(response, status, signInPage(language, { action, name, problem: said.verdict }));
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? "";
    // A name that resolves here from elsewhere would make another site's page our origin.
    if (request.headers.host !== host) return void response.writeHead(403).end();
    if (!url.startsWith(`${prefix}/`)) return void response.writeHead(404).end();
    if (url.startsWith(`${prefix}/login/`)) return signIn(request, response);
    if (url === `${prefix}/protocol/openid-connect/logout`)
      return void response.writeHead(await signOut(await formOf(request)), headers).end();
    Object.assign(request, { originalUrl: url });
    request.url = url.slice(prefix.length);
    return void callback(request, response);
  };
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  if (Number(request.headers["content-length"] ?? Infinity) > bodyMax)
    throw new RangeError("the form is too long");
  return new URLSearchParams(await text(request));
}
