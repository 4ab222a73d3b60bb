/**
 * A hospital site as the ledger knows it.
 *
 *   none --join--> present --lose--> lost --return, join--> present
 *                  ^  |                |
 *             join |  +---leave--> left <--leave
 *                  +----------------'
 *
 * `lose` is another site's observation, so it says who saw it; a site that comes back says so itself. To be lost changes
 * no job: its nodes are lost one by one, by their own streams. A changed mode or safety policy is a new join.
 */
import type { SiteId } from "@releve/domain/ids";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Decider } from "../decider.ts";
import type { SafetyPolicy, SiteEvent, SiteMode } from "../events/site.ts";

// ---- State

export type SiteFacts = {
  readonly site: SiteId;
  readonly mode: SiteMode;
  readonly safety: SafetyPolicy;
};

export type SiteState =
  | { readonly status: "none" }
  | ({ readonly status: "present" } & SiteFacts)
  | ({ readonly status: "lost"; readonly by: SiteId; readonly silentMs: number } & SiteFacts)
  | ({ readonly status: "left" } & SiteFacts);

// ---- Commands

export type SiteCommand =
  | ({ readonly type: "join" } & SiteFacts)
  | { readonly type: "lose"; readonly by: SiteId; readonly silentMs: number }
  | { readonly type: "return" }
  | { readonly type: "leave" };

// ---- Decide

export function decideSite(command: SiteCommand, state: SiteState): readonly SiteEvent[] | Refusal {
  if (command.type === "join") return join(command, state);
  if (state.status === "none") return refusal("SITE_UNKNOWN", "No such site ever joined.");
  return (decisions[command.type] as Decide<SiteCommand>)(command, state);
}

type Known = Exclude<SiteState, { status: "none" }>;
type Of<Type extends SiteCommand["type"]> = Extract<SiteCommand, { type: Type }>;
type Decide<Command> = (command: Command, state: Known) => readonly SiteEvent[] | Refusal;

/** What each command does to a known site: one that is missing here does not compile. */
const decisions: { readonly [Type in Exclude<SiteCommand["type"], "join">]: Decide<Of<Type>> } = {
  lose: ({ by, silentMs }, { status, site }) => {
    if (by === site) return refusal("OWN_SITE", "A site cannot observe its own loss.");
    return status === "present" ? [{ type: "SiteLost", site, by, silentMs }] : [];
  },
  return: (_, { status, site }) => {
    if (status === "left") return refusal("SITE_LEFT", "The site has left: it joins again.");
    return status === "lost" ? [{ type: "SiteReturned", site }] : [];
  },
  leave: (_, { status, site }) => (status === "left" ? [] : [{ type: "SiteLeft", site }]),
};

function join(command: Of<"join">, state: SiteState): readonly SiteEvent[] {
  const already =
    state.status === "present" && state.mode === command.mode && state.safety === command.safety;
  const { type: _, ...facts } = command;
  return already ? [] : [{ type: "SiteJoined", ...facts }];
}

// ---- Evolve

/** @throws Error when the events cannot follow each other: no decider wrote them. */
export function evolveSite(state: SiteState, event: SiteEvent): SiteState {
  if (event.type === "SiteJoined") {
    const { type: _, ...facts } = event;
    return { status: "present", ...facts };
  }
  if (state.status === "none") throw new Error(`${event.type} before SiteJoined`);
  const { site, mode, safety } = state;
  switch (event.type) {
    case "SiteLost":
      return { status: "lost", site, mode, safety, by: event.by, silentMs: event.silentMs };
    case "SiteReturned":
      return { status: "present", site, mode, safety };
    case "SiteLeft":
      return { status: "left", site, mode, safety };
  }
}

export const siteDecider: Decider<SiteState, SiteCommand, SiteEvent> = {
  kind: "site",
  initial: { status: "none" },
  decide: decideSite,
  evolve: evolveSite,
};
