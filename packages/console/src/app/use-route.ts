/** The address is the state: `#/jobs/<id>`. Small enough that no library is needed for it. */
import { useSyncExternalStore } from "react";

export const pages = ["studies", "jobs", "deliveries", "nodes", "sites", "events"] as const;
export type Page = (typeof pages)[number];
export type Route = { readonly page: Page; readonly id: string | undefined };

export function parseRoute(hash: string): Route {
  const [page, id] = hash.replace(/^#\/?/, "").split("/");
  const known = pages.find((name) => name === page);
  return known ? { page: known, id: id || undefined } : { page: "studies", id: undefined };
}

export const hrefOf = (page: Page, id?: string): string =>
  id === undefined ? `#/${page}` : `#/${page}/${id}`;

const subscribe = (changed: () => void) => {
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
};

export const useRoute = (): Route => parseRoute(useSyncExternalStore(subscribe, () => location.hash));
