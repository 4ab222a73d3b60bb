/** The session that the page's own address names; undefined on every other page. */
export const sessionInPath = (path: string): string | undefined =>
  /^\/session\/([0-9a-f-]{36})\/?$/.exec(path)?.[1];
