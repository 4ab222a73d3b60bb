/** What happens to a site. */
import type { SiteId } from "@releve/domain/ids";

/** `member`: part of the stretched cluster; `autonomous`: its jobs' home is its own leaf stream. A deployment choice. */
export type SiteMode = "member" | "autonomous";
/** When a study counts as safe: when this site holds it, or when a second one does as well. */
export type SafetyPolicy = "local" | "safe-2";

export type SiteEvent =
  | {
      readonly type: "SiteJoined";
      readonly site: SiteId;
      readonly mode: SiteMode;
      readonly safety: SafetyPolicy;
    }
  | { readonly type: "SiteLost"; readonly site: SiteId; readonly by: SiteId; readonly silentMs: number }
  | { readonly type: "SiteReturned"; readonly site: SiteId }
  | { readonly type: "SiteLeft"; readonly site: SiteId };
