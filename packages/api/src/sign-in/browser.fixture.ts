/** As much of a browser as signing in takes: cookies by host name (they know no port), redirects, and a form filled in. */

export type Page = {
  readonly url: string;
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
};

export type Browser = {
  readonly get: (url: string, headers?: Readonly<Record<string, string>>) => Promise<Page>;
  /** As a script of the page at `url` does it. */
  readonly post: (url: string, body?: string, headers?: Readonly<Record<string, string>>) => Promise<Page>;
  /** Opens `url`, fills in the form that comes, and ends where that leads. */
  readonly signIn: (url: string, name: string, password: string) => Promise<Page>;
  /** What was ever sent to it, as `name=value`. */
  readonly cookies: () => readonly string[];
  /** Every address that it was at. */
  readonly visited: () => readonly string[];
};

const redirectsMax = 12;

export function browser(): Browser {
  const jar = new Map<string, string>();
  const seen = new Set<string>();
  const visited: string[] = [];

  async function go(url: string, init: RequestInit): Promise<Page> {
    let [at, next] = [url, init];
    for (let redirects = 0; redirects < redirectsMax; redirects++) {
      visited.push(at);
      const { hostname } = new URL(at);
      const held = [...jar].filter(([key]) => key.startsWith(`${hostname} `));
      const cookie = held.map(([key, value]) => `${key.slice(hostname.length + 1)}=${value}`).join("; ");
      const headers = {
        ...(next.headers as Record<string, string>),
        ...(cookie && { cookie }),
        connection: "close",
      };
      const response = await fetch(at, { ...next, headers, redirect: "manual" });
      for (const line of response.headers.getSetCookie()) keep(hostname, line);
      const body = await response.text();
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null)
        return { url: at, status: response.status, body, headers: response.headers };
      at = new URL(location, at).href;
      next = { method: "GET", headers: {} };
    }
    throw new Error(`more than ${redirectsMax} redirects from ${url}`);
  }

  function keep(hostname: string, line: string): void {
    const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
    const [name = "", ...value] = pair.split("=");
    seen.add(pair);
    const gone = attributes.some(
      (attribute) => /^max-age=0$/i.test(attribute) || /^expires=thu, 01 jan 1970/i.test(attribute),
    );
    if (gone) jar.delete(`${hostname} ${name}`);
    else jar.set(`${hostname} ${name}`, value.join("="));
  }

  const post = (url: string, body = "", headers: Readonly<Record<string, string>> = {}) =>
    go(url, { method: "POST", body, headers: { origin: new URL(url).origin, ...headers } });

  return {
    get: (url, headers = {}) => go(url, { method: "GET", headers: { ...headers } }),
    post,
    signIn: async (url, name, password) => {
      const page = await go(url, { method: "GET", headers: { "accept-language": "en" } });
      const action = /<form[^>]*\saction="([^"]+)"/.exec(page.body)?.[1]?.replaceAll("&amp;", "&");
      if (action === undefined) return page;
      const field = /name="username"/.test(page.body) ? "username" : "name";
      const form = new URLSearchParams({ [field]: name, password });
      const type = { "content-type": "application/x-www-form-urlencoded" };
      return post(new URL(unescaped(action), page.url).href, form.toString(), type);
    },
    cookies: () => [...seen],
    visited: () => visited,
  };
}

const unescaped = (text: string): string =>
  text.replaceAll(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, code: string) =>
    String.fromCodePoint(parseInt(code, hex ? 16 : 10)),
  );
