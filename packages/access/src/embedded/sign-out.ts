/**
 * Sign-out by the client's server, as Keycloak takes it at its logout endpoint: with the refresh token, so that no token
 * passes through the browser. The whole sign-in ends, and every other client that shares it is told.
 */
import type { Provider } from "oidc-provider";

/** @returns the HTTP status. */
export function signOutHandler(provider: Provider) {
  return async (form: URLSearchParams): Promise<number> => {
    const client = await provider.Client.find(form.get("client_id") ?? "");
    if (!client?.compareClientSecret(form.get("client_secret") ?? "")) return 401;
    const token = await provider.RefreshToken.find(form.get("refresh_token") ?? "");
    if (token?.clientId !== client.clientId) return 400;
    const session = await provider.Session.findByUid(token.sessionUid ?? "");
    if (session) await endSession(provider, session);
    return 204;
  };
}

async function endSession(provider: Provider, session: InstanceType<Provider["Session"]>): Promise<void> {
  for (const [clientId, { grantId }] of Object.entries(session.authorizations ?? {})) {
    if (grantId !== undefined) await provider.RefreshToken.revokeByGrantId(grantId);
    const client = await provider.Client.find(clientId);
    const sid = session.sidFor(clientId);
    if (client && session.accountId && sid !== undefined) await tell(client, session.accountId, sid);
  }
  await session.destroy();
}

/** oidc-provider's own; its types leave it out. */
type Told = { readonly backchannelLogout: (account: string, sid: string) => Promise<void> };

/** One that does not answer finds out when it renews: the grant is gone. */
async function tell(
  client: object & { readonly backchannelLogoutUri?: unknown },
  account: string,
  sid: string,
): Promise<void> {
  if (client.backchannelLogoutUri)
    await (client as unknown as Told).backchannelLogout(account, sid).catch(() => undefined);
}
