/** Our cookies: never readable by scripts, never sent from other sites' pages except when a person follows a link. */
import { parseCookie, stringifySetCookie } from "cookie";

/** @returns undefined when there is none. @param header the request's. */
export const cookieNamed = (header: string | undefined, name: string): string | undefined =>
  header === undefined ? undefined : parseCookie(header)[name];

export type CookieJar = {
  readonly name: string;
  /** The header `set-cookie` that stores a value, for so long. */
  readonly set: (value: string, maxAgeS: number) => string;
  readonly clear: () => string;
};

/** Two sites on one machine share its cookies, which know no port: the site is in the name. */
export function cookieJar(site: string, purpose: "session" | "sign-in", secure: boolean): CookieJar {
  const name = `${secure ? "__Host-" : ""}releve-${site}-${purpose}`;
  const fixed = { path: "/", httpOnly: true, secure, sameSite: "lax" } as const;
  const set = (value: string, maxAge: number) => stringifySetCookie({ ...fixed, name, value, maxAge });
  return { name, set, clear: () => set("", 0) };
}
