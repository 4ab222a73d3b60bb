/**
 * Who sends a request where an identity provider is set: a program with a bearer token, a person with the cookie of a sign-in
 * here, or who has the operator's certificate. Sitting at this machine gives nobody a right then.
 */
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { CheckToken } from "@releve/access/check-token";
import type { Person } from "@releve/access/person";
import { subjectIdOf } from "@releve/domain/ids";
import { isRefusal, refusal } from "@releve/domain/refusal";
import { mayAct } from "../may-act.ts";
import { cookieNamed } from "./cookies.ts";
import type { PersonOf, SignedIn } from "./person-of.ts";
import type { SignIns } from "./sign-ins.ts";

const operator: Person = {
  subject: subjectIdOf("releve:local", "operator"),
  name: "operator",
  roles: ["operator"],
  sites: "every",
};
const never = new AbortController().signal;

export type SignInMeans = {
  readonly signIns: Pick<SignIns, "find">;
  readonly checkToken: CheckToken;
  readonly cookieName: string;
  readonly operatorUri: string;
  readonly nowMs: () => number;
};

export function personBySignIn({
  signIns,
  checkToken,
  cookieName,
  operatorUri,
  nowMs,
}: SignInMeans): PersonOf {
  return async ({ headers, socket }) => {
    const token = bearerOf(headers);
    if (token !== undefined) {
      const checked = await checkToken(token);
      return isRefusal(checked) ? checked : untilExpiry(checked.person, checked.expiresAtMs - nowMs());
    }
    const cookie = cookieNamed(headers.cookie, cookieName);
    if (cookie !== undefined) return signIns.find(cookie);
    if (socket instanceof TLSSocket && mayAct(socket, operatorUri)) return { person: operator, ended: never };
    return refusal("NOT_SIGNED_IN", "You are not signed in.");
  };
}

const untilExpiry = (person: Person, leftMs: number): SignedIn => ({
  person,
  ended: AbortSignal.timeout(Math.max(0, leftMs)),
});

const bearerOf = ({ authorization }: IncomingMessage["headers"]): string | undefined =>
  /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
