/** Who one is, and what one may do at this site, as the server says; it says it again when it is asked to do it. */
import { useQuery } from "@tanstack/react-query";
import type { Operation } from "./answers.ts";
import { trpc } from "./trpc.ts";

export const useMe = () => useQuery(trpc.system.me.queryOptions(undefined, { staleTime: Infinity }));

/** @returns false for everything until the server has answered. */
export function useMay(): (operation: Operation) => boolean {
  const me = useMe().data;
  return (operation) => me?.may.includes(operation) ?? false;
}
