/** What the server's refusals mean to the page: nobody is signed in, or this person may not. */

type Refused = "signedOut" | "notAllowed";

/** @param error of a question or a command. */
export function refusedBy(error: unknown): Refused | undefined {
  const code = codeOf(error);
  if (code === "UNAUTHORIZED") return "signedOut";
  return code === "FORBIDDEN" ? "notAllowed" : undefined;
}

function codeOf(error: unknown): unknown {
  if (!(error instanceof Error) || !("data" in error)) return undefined;
  const { data } = error;
  return typeof data === "object" && data !== null && "code" in data ? data.code : undefined;
}

/** The address of the sign-in that leads back to this very place. */
export const signInHref = ({
  pathname,
  search,
  hash,
}: Pick<Location, "pathname" | "search" | "hash">): string =>
  `/sign-in?to=${encodeURIComponent(`${pathname}${search}${hash}`)}`;
