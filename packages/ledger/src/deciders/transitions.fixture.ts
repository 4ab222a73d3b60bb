/** Checks a decider against a table in which a missing cell does not compile. */
import { isRefusal } from "@releve/domain/refusal";
import { describe, expect, test } from "vitest";
import type { Decider } from "../decider.ts";
import type { LedgerEvent } from "../events.ts";

type Stated = { readonly status: string };
type Typed = { readonly type: string };

/** What each command does in each state: event types joined by spaces, `-` for "already so", `!CODE` for a refusal. */
export type TransitionTable<State extends Stated, Command extends Typed> = {
  readonly [Status in State["status"]]: { readonly [Type in Command["type"]]: string };
};

/** One state of every status and one command of every type. */
type Transitions<State extends Stated, Command extends Typed> = {
  readonly states: Readonly<Record<State["status"], State>>;
  readonly commands: Readonly<Record<Command["type"], Command>>;
  readonly table: TransitionTable<State, Command>;
};

type Decide<State, Command> = Pick<Decider<State, Command, LedgerEvent>, "decide">;

export function outcomeOf<State, Command>(
  { decide }: Decide<State, Command>,
  state: State,
  command: Command,
): string {
  const decided = decide(command, state);
  if (isRefusal(decided)) return `!${decided.refused}`;
  return decided.map(({ type }) => type).join(" ") || "-";
}

/** Registers one test for each cell, and others that each state and command is of the kind that it stands for. */
export function checkTransitions<State extends Stated, Command extends Typed>(
  decider: Decide<State, Command>,
  { states, commands, table }: Transitions<State, Command>,
): void {
  test.each(Object.keys(commands) as Command["type"][])("the command %s is one", (type) => {
    expect(commands[type].type).toBe(type);
  });
  for (const status of Object.keys(table) as State["status"][]) {
    describe(`a ${status} state`, () => {
      test("is one", () => expect(states[status].status).toBe(status));
      test.each(Object.entries<string>(table[status]))("%s: %s", (type, expected) => {
        expect(outcomeOf(decider, states[status], commands[type as Command["type"]])).toBe(expected);
      });
    });
  }
}
