/** What the person may do at this site, as the server says; it says it again when it is asked to do it. */
import { useQuery } from "@tanstack/react-query";
import type { Operation } from "./answers.ts";
import { trpc } from "./trpc.ts";

/** @returns false for everything until the server has answered. */
export function useMay(): (operation: Operation) => boolean {
  const me = useQuery(trpc.system.me.queryOptions(undefined, { staleTime: Infinity })).data;
  return (operation) => me?.may.includes(operation) ?? false;
}
