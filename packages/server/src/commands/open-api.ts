/** The running system's API as a command sees it: typed, over HTTP, with the operator's certificate where it asks for one. */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import type { AppRouter } from "@releve/api/router";
import { readSecret } from "@releve/access/embedded/prepare-provider";
import { Fault } from "@releve/domain/fault";
import type { TlsFiles } from "@releve/domain/tls-files";
import { createTRPCClient, httpLink, TRPCClientError, type TRPCClient } from "@trpc/client";
import { z } from "zod";
import { ledgerSetting } from "../config/read-settings.ts";
import { readRunFile, type RunFile } from "../start/run-file.ts";

export type Api = TRPCClient<AppRouter>;

/**
 * Asks the API at `url`, by default that of what `start` or `cluster` wrote into the data folder.
 * @throws Fault NOT_RUNNING; API_FAILED where it does not answer, or answers that it will not.
 */
export async function askApi<Answer>(
  data: string,
  url: string | undefined,
  ask: (api: Api) => Promise<Answer>,
): Promise<Answer> {
  const run = readRunFile(data);
  const address = url ?? run?.console;
  if (address === undefined)
    throw new Fault("NOT_RUNNING", "nothing was started here: run npm start, or give --console URL", "later");
  const link = { url: `${address}/trpc`, ...(await identityFor(address, run, url === undefined)) };
  const api = createTRPCClient<AppRouter>({ links: [httpLink(link)] });
  try {
    return await ask(api);
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error;
    throw new Fault("API_FAILED", `the API at ${address} says: ${error.message}`, "later", error);
  }
}

/** Who asks: the operator's certificate where there is one, a token where what was started here has sign-in. */
async function identityFor(address: string, run: RunFile | undefined, isOurs: boolean) {
  const tls = ledgerSetting()?.tls ?? run?.ledger.tls;
  if (address.startsWith("https:") && tls) return { fetch: operatorFetch(tls) };
  return isOurs && run?.signIn ? { headers: await bearer(run.signIn) } : {};
}

/** As a program signs in: with a secret that only this machine's owner can read. @throws Fault API_FAILED */
async function bearer({ issuer, clientId, secretFile }: NonNullable<RunFile["signIn"]>) {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: readSecret(secretFile),
  });
  const signal = AbortSignal.timeout(signInWithinMs);
  const response = await fetch(`${issuer}/protocol/openid-connect/token`, {
    method: "POST",
    body,
    signal,
  }).catch((error: unknown) => {
    throw new Fault("API_FAILED", "the identity provider does not answer", "later", error);
  });
  const answer = tokenSchema.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) throw new Fault("API_FAILED", "the identity provider gives no token", "never");
  return { authorization: `Bearer ${answer.data.access_token}` };
}

const signInWithinMs = 10_000;
const tokenSchema = z.object({ access_token: z.string() });

type Asked = { readonly method?: string; readonly headers?: unknown; readonly body?: unknown };

/** Mutual TLS, which Node's own fetch cannot do without another library. */
const operatorFetch = ({ certFile, keyFile, caFile }: TlsFiles) => {
  const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(caFile) };
  return (url: string | URL | Request, { method = "GET", headers, body }: Asked = {}) =>
    new Promise<Response>((resolve, reject) => {
      const asked = request(
        url instanceof Request ? url.url : url,
        { ...tls, minVersion: "TLSv1.3", method, headers: headers as Record<string, string> },
        (answer) =>
          void text(answer).then(
            (said) => resolve(new Response(said, { status: answer.statusCode ?? 502 })),
            reject,
          ),
      );
      asked.once("error", reject);
      asked.end(body);
    });
};
