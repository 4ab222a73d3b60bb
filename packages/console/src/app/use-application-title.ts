/** Applications by their title in the person's language; by their id until the server has said, or where it does not know one. */
import { useQuery } from "@tanstack/react-query";
import { trpc } from "./trpc.ts";
import { useLanguage } from "./use-language.ts";

export function useApplicationTitle(): (id: string) => string {
  const language = useLanguage();
  const names = useQuery(trpc.applications.list.queryOptions(undefined, { staleTime: Infinity })).data;
  return (id) => names?.find((name) => name.id === id)?.title[language] ?? id;
}
