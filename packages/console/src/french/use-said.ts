/** What was said in English, in the person's language; as it was said where no translation is known. */
import { useQuery } from "@tanstack/react-query";
import { useLanguage } from "../app/use-language.ts";
import type { Translate } from "./translate.ts";

const asItIs: Translate = (english) => english;

export function useSaid(): Translate {
  const enabled = useLanguage() === "fr";
  const french = useQuery({
    queryKey: ["french"],
    queryFn: async () => (await import("./french-sentences.ts")).inFrench,
    staleTime: Infinity,
    enabled,
  });
  return (enabled ? french.data : undefined) ?? asItIs;
}
