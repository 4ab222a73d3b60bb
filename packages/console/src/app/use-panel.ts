/** An application's own panel, loaded when a page wants it. */
import { panels } from "@releve/apps/panels";
import type { Panel } from "@releve/apps/panel";
import { useQuery } from "@tanstack/react-query";

const none: Panel = {};

/** @returns nothing of its own until it is loaded, or where the application has none. */
export function usePanel(application: string): Panel {
  const panel = useQuery({
    queryKey: ["panel", application],
    queryFn: async () => (await panels[application]?.())?.panel ?? none,
    staleTime: Infinity,
    structuralSharing: false,
  });
  return panel.data ?? none;
}
