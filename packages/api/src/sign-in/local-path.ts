/** Where a sign-in may lead back to: a place of this console, and nowhere else. */

const longest = 2_048;

/** @returns the path with query and fragment, or `/` for anything that a browser could take for another server. */
export function localPath(wanted: unknown): string {
  if (typeof wanted !== "string" || wanted.length > longest || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted))
    return "/";
  const here = "http://here.invalid";
  const url = URL.parse(wanted, here);
  return url?.origin === here && !wanted.includes("\\")
    ? `${url.pathname}${url.search}${url.hash}`.replace(/^\/{2,}/, "/")
    : "/";
}
