/**
 * What one person may do, one stream a person:
 *
 *   none --bootstrap, grant--> known --grant, revoke--> known (with no grant left too)
 *
 * Sign-ins, sign-outs and refusals are noted as they happened; they change nothing of what the person may do.
 *
 * Who may grant and revoke is decided here, from what the command carries: the grants that the granter held when the caller
 * read them, and how many others are admins of every site. Both lie in other streams, so they may be a moment old: of two
 * admins who revoke each other in the same moment both may succeed. `bootstrap` is the way back from there.
 */
import type { SiteId, SubjectId, Uuid } from "@releve/domain/ids";
import { refusal, type Refusal } from "@releve/domain/refusal";
import type { Decider } from "../decider.ts";
import type { AccessEvent, AccessRole } from "../events/access.ts";

// ---- State

/** `site` null: at every site. */
export type Grant = { readonly role: AccessRole; readonly site: SiteId | null };

export type AccessState =
  | ({ readonly status: "none" } & Noted)
  | ({ readonly status: "known"; readonly subject: SubjectId; readonly grants: readonly Grant[] } & Noted);

/** The last note: whoever is not sure that it was written writes it again. */
type Noted = { readonly lastNote?: Uuid };

// ---- Commands

type Granter = {
  readonly by: SubjectId;
  /** What `by` holds, as the caller read it. */
  readonly held: readonly Grant[];
};

export type AccessCommand =
  | ({ readonly type: "grant"; readonly subject: SubjectId } & Grant & Granter)
  | ({
      readonly type: "revoke";
      readonly reason: string;
      /** How many other people are admins of every site, as the caller read it. */
      readonly otherAdmins: number;
    } & Grant &
      Granter)
  /** The first admin, made by who starts the system: of every site, granted by itself. */
  | { readonly type: "bootstrap"; readonly subject: SubjectId; readonly otherAdmins: number }
  | { readonly type: "note"; readonly happened: AccessNote };

/** What happened to a person at a console; whoever writes it down bounds how often. */
export type AccessNote = Extract<AccessEvent, { type: "SignedIn" | "SignedOut" | "AccessRefused" }>;

// ---- Decide

type Decision = readonly AccessEvent[] | Refusal;
type Of<Type extends AccessCommand["type"]> = Extract<AccessCommand, { type: Type }>;

export function decideAccess(command: AccessCommand, state: AccessState): Decision {
  return (decisions[command.type] as (command: AccessCommand, state: AccessState) => Decision)(
    command,
    state,
  );
}

/** What each command does: one that is missing here does not compile. */
const decisions: {
  readonly [Type in AccessCommand["type"]]: (command: Of<Type>, state: AccessState) => Decision;
} = { grant, revoke, bootstrap, note };

const sameGrant = (a: Grant, b: Grant): boolean => a.role === b.role && a.site === b.site;
const holds = (state: AccessState, wanted: Grant): boolean =>
  state.status === "known" && state.grants.some((held) => sameGrant(held, wanted));

/** True when these grants let their holder grant and revoke at `site`; at every site (null) only an admin of every site. */
export const mayAdminister = (held: readonly Grant[], site: SiteId | null): boolean =>
  held.some((right) => right.role === "admin" && (right.site === null || right.site === site));

const notAdmin = (): Refusal =>
  refusal("NOT_ADMIN", "Only an admin of the site, or of every site, gives and takes rights there.");

function grant({ subject, role, site, by, held }: Of<"grant">, state: AccessState): Decision {
  if (!mayAdminister(held, site)) return notAdmin();
  return holds(state, { role, site }) ? [] : [{ type: "AccessGranted", subject, role, site, by }];
}

function revoke(command: Of<"revoke">, state: AccessState): Decision {
  const { role, site, by, held, reason, otherAdmins } = command;
  if (!mayAdminister(held, site)) return notAdmin();
  if (state.status === "none") return refusal("SUBJECT_UNKNOWN", "Nothing was ever granted here.");
  if (!holds(state, { role, site })) return [];
  if (role === "admin" && site === null && otherAdmins === 0)
    return refusal("LAST_ADMIN", "Somebody has to be admin of every site: grant that first.");
  return [{ type: "AccessRevoked", subject: state.subject, role, site, by, reason }];
}

const everywhere: Grant = { role: "admin", site: null };

function bootstrap({ subject, otherAdmins }: Of<"bootstrap">, state: AccessState): Decision {
  if (holds(state, everywhere)) return [];
  if (otherAdmins > 0 || state.status !== "none")
    return refusal("NOT_FIRST", "Only a ledger without an admin gets one in this way, and a new person.");
  return [{ type: "AccessGranted", subject, ...everywhere, by: subject }];
}

function note({ happened }: Of<"note">, { lastNote }: AccessState): Decision {
  return lastNote === happened.note ? [] : [happened];
}

// ---- Evolve

/** @throws Error when the events cannot follow each other: no decider wrote them. */
export function evolveAccess(state: AccessState, event: AccessEvent): AccessState {
  switch (event.type) {
    case "AccessGranted": {
      const { subject, role, site } = event;
      return {
        ...notedIn(state),
        status: "known",
        subject,
        grants: [...without(state, event), { role, site }],
      };
    }
    case "AccessRevoked":
      if (state.status === "none") throw new Error("AccessRevoked before AccessGranted");
      return { ...state, grants: without(state, event) };
    case "SignedIn":
    case "SignedOut":
    case "AccessRefused":
      return { ...state, lastNote: event.note };
  }
}

const notedIn = ({ lastNote }: AccessState): Noted => (lastNote === undefined ? {} : { lastNote });

const without = (state: AccessState, taken: Grant): readonly Grant[] =>
  state.status === "none" ? [] : state.grants.filter((held) => !sameGrant(held, taken));

export const accessDecider: Decider<AccessState, AccessCommand, AccessEvent> = {
  kind: "access",
  initial: { status: "none" },
  decide: decideAccess,
  evolve: evolveAccess,
};
