/**
 * Who sends a request: the one way to find out, for tRPC, HTTP and WebSocket upgrades alike.
 *
 *   const found = await personOf(request);            // an http.IncomingMessage; with Fastify, `request.raw`
 *   if (isRefusal(found)) ...                          // nobody: answer 401, do not upgrade
 *   mayDo(found.person, "sessions.stream", { site })   // @releve/access/may-do: undefined, or why not: answer 403
 *   found.ended.addEventListener("abort", ...)         // signed out, revoked, or expired for good: close the stream
 *
 * It looks at the cookie, the bearer token, or the certificate of the connection, in this order, and never at the URL. Whether
 * the request comes from our own page is not its business: `guardRequests` refuses other origins before, upgrades included.
 */
import type { IncomingMessage } from "node:http";
import type { Person } from "@releve/access/person";
import type { SiteId } from "@releve/domain/ids";
import type { Refusal } from "@releve/domain/refusal";

export type SignedIn = {
  readonly person: Person;
  /** Aborted when the person is signed in no more: what is open for them ends. */
  readonly ended: AbortSignal;
};

/** Told of who was refused which row of the table of rights, where, and with which refusal of `mayDo`. */
export type OnRefused = (person: Person, operation: string, site: SiteId, refusal: Refusal) => void;

/** Refusal: NOT_SIGNED_IN, SIGN_IN_EXPIRED, SIGN_IN_REVOKED, or that of a token, see @releve/access/check-token. */
export type PersonOf = (request: Pick<IncomingMessage, "headers" | "socket">) => Promise<SignedIn | Refusal>;
