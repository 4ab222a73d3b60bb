/**
 * `GET /sign-in?to=PATH` leaves for the identity provider, `GET /sign-in/back` comes back from it, `POST /sign-out` ends the
 * sign-in here and there, `POST /sign-in/back-channel-logout` is the provider saying that it has ended.
 */
import type { Person } from "@releve/access/person";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { cookieNamed, type CookieJar } from "./cookies.ts";
import type { IdentityProvider, Pending } from "./identity-provider.ts";
import { localPath } from "./local-path.ts";
import { problemPage } from "./problem-page.ts";
import type { Sealer } from "./seal.ts";
import { signInLimits, type SignIns } from "./sign-ins.ts";

export type SignInParts = {
  readonly provider: IdentityProvider;
  readonly signIns: SignIns;
  readonly sealer: Sealer;
  readonly session: CookieJar;
  readonly pending: CookieJar;
  /** Where people reach the console: the provider leads back there. */
  readonly consoleUrl: string;
  readonly nowMs: () => number;
  /** Told of who came. */
  readonly onSignIn: (person: Person) => void;
};

type Left = Pending & { readonly to: string; readonly atMs: number };

const pendingS = 600;
const purpose = "sign-in that has begun";
const config = { operation: "anyone" } as const;

/** Leaves for the provider; `to` may be a whole `/open?...`: it travels sealed in a cookie, not in an address. */
export async function beginSignIn(
  parts: SignInParts,
  reply: FastifyReply,
  to: unknown,
): Promise<FastifyReply> {
  const begun = await parts.provider.begin();
  if (isRefusal(begun)) return refuse(reply, begun);
  const left: Left = { ...begun.pending, to: localPath(to), atMs: parts.nowMs() };
  const sealed = Buffer.from(parts.sealer.seal(purpose, left)).toString("base64url");
  return reply.header("set-cookie", parts.pending.set(sealed, pendingS)).redirect(begun.url.href, 302);
}

export function signInRoutes(app: FastifyInstance, parts: SignInParts): void {
  const { provider, signIns, session, consoleUrl } = parts;
  const { host } = new URL(consoleUrl);
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );
  app.get<{ Querystring: { to?: string } }>("/sign-in", { config }, async (request, reply) => {
    // The cookie must be of the host that the provider leads back to: localhost is another than 127.0.0.1.
    if (request.headers.host !== host) return reply.redirect(`${consoleUrl}${request.url}`, 302);
    return beginSignIn(parts, reply, request.query.to);
  });
  app.get("/sign-in/back", { config }, async (request, reply) => {
    const left = leftWith(parts, request);
    if (!left) return refuse(reply, noneBegun);
    const fresh = await provider.finish(new URL(request.url, consoleUrl), left);
    if (isRefusal(fresh)) return refuse(reply, fresh);
    const cookie = signIns.add(fresh);
    parts.onSignIn(fresh.person);
    const cookies = [parts.pending.clear(), session.set(cookie, signInLimits.lastsMs / 1_000)];
    return reply.header("set-cookie", cookies).redirect(left.to, 302);
  });
  app.post("/sign-out", { config }, async (request, reply) => {
    const cookie = cookieNamed(request.headers.cookie, session.name);
    const ended = cookie === undefined ? undefined : signIns.remove(cookie);
    if (ended) await provider.end(ended.refreshToken);
    return reply.header("set-cookie", session.clear()).redirect("/", 303);
  });
  app.post<{ Body: unknown }>("/sign-in/back-channel-logout", { config }, async ({ body }, reply) => {
    const token = body instanceof URLSearchParams ? (body.get("logout_token") ?? "") : "";
    const named = await provider.ended(token);
    if (isRefusal(named))
      return reply.code(400).send({ error: "invalid_request", error_description: named.reason });
    signIns.removeNamed({
      session: named.session,
      ...(named.subject !== undefined && { subject: named.subject }),
    });
    return reply.code(200).header("cache-control", "no-store").send();
  });
}

const noneBegun: Refusal = {
  refused: "SIGN_IN_NOT_BEGUN",
  reason: "No sign-in was begun in this browser, or too long ago.",
};

function leftWith({ sealer, pending, nowMs }: SignInParts, request: FastifyRequest): Left | undefined {
  const sealed = cookieNamed(request.headers.cookie, pending.name);
  const left = sealed === undefined ? undefined : sealer.open(purpose, Buffer.from(sealed, "base64url"));
  // Sealed by this server: it has the shape that it was given.
  const known = left as Left | undefined;
  return known && nowMs() - known.atMs < pendingS * 1_000 ? known : undefined;
}

function refuse(reply: FastifyReply, { refused, reason }: Refusal): FastifyReply {
  const status = refused === "PROVIDER_UNREACHABLE" ? 503 : 403;
  if (status === 503) reply.header("retry-after", "30");
  return reply.code(status).type("text/html; charset=utf-8").send(problemPage(refused, reason));
}
