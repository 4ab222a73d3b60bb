/** What holds for every decider, whatever commands come in whatever order. */
import { randomUUID } from "node:crypto";
import { isRefusal } from "@releve/domain/refusal";
import type { Uuid } from "@releve/domain/ids";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Decider } from "../decider.ts";
import { encodeCommit } from "../event-codec.ts";
import type { Version } from "../event-log.ts";
import { kindOfEvent } from "../event-schemas.ts";
import type { LedgerEvent } from "../events.ts";
import type { JobEvent } from "../events/job.ts";
import { accessDecider } from "./access.ts";
import { adoptionDecider } from "./adoption.ts";
import { deliveryDecider } from "./delivery.ts";
import { jobDecider } from "./job.ts";
import { nodeDecider } from "./node.ts";
import {
  accessSteps,
  adoptionSteps,
  deliverySteps,
  jobSteps,
  nodeSteps,
  sessionSteps,
  siteSteps,
  studySteps,
  type Step,
} from "./random-commands.fixture.ts";
import { sessionDecider } from "./session.ts";
import { siteDecider } from "./site.ts";
import { studyDecider } from "./study.ts";

type Told<State, Event> = {
  readonly event: Event;
  readonly version: Version;
  readonly before: State;
};

/** Runs the steps as the command handler does; versions have gaps. Checks after each what must hold at once. */
function historyOf<State, Command, Event extends LedgerEvent>(
  decider: Decider<State, Command, Event>,
  steps: readonly Step<State, Command>[],
): readonly Told<State, Event>[] {
  const told: Told<State, Event>[] = [];
  let state = decider.initial;
  for (const [index, step] of steps.entries()) {
    const command = step(state);
    const decided = decider.decide(command, state);
    if (isRefusal(decided) || decided.length === 0) continue;
    const version = (10 + 3 * index) as Version;
    for (const event of decided) {
      told.push({ event, version, before: state });
      state = decider.evolve(state, event, version);
    }
    expectStorable(decider, decided);
    expectSaidOnce(decider, command, state);
  }
  return told;
}

function expectStorable<Event extends LedgerEvent>(
  { kind }: Pick<Decider<never, never, Event>, "kind">,
  events: readonly Event[],
): void {
  const context = { atMs: 1, site: "site-a", actor: "test" };
  const newEvents = events.map((event) => ({ eventId: randomUUID() as Uuid, context, event }));
  expect(() => encodeCommit({ kind, id: randomUUID() as Uuid }, newEvents)).not.toThrow();
}

function expectSaidOnce<State, Command, Event extends LedgerEvent>(
  decider: Decider<State, Command, Event>,
  command: Command,
  state: State,
): void {
  const again = decider.decide(command, state);
  if (!isRefusal(again)) expect(again).toEqual([]);
}

const someOf = <State, Command>(steps: fc.Arbitrary<Step<State, Command>>) =>
  fc.array(steps, { minLength: 1, maxLength: 40, size: "max" });

/** Checks `holds` of many random histories, besides what holds of each. */
function everyHistory<State, Command, Event extends LedgerEvent>(
  decider: Decider<State, Command, Event>,
  steps: fc.Arbitrary<Step<State, Command>>,
  holds: (history: readonly Told<State, Event>[]) => void = () => {},
): void {
  fc.assert(fc.property(someOf(steps), (some) => holds(historyOf(decider, some))));
}

/** Else the properties would hold of histories in which nothing happens. */
function everyEventIsTold<State, Command, Event extends LedgerEvent>(
  decider: Decider<State, Command, Event>,
  steps: fc.Arbitrary<Step<State, Command>>,
): void {
  const samples = fc.sample(someOf(steps), { seed: 1, numRuns: 200 });
  const told = new Set(samples.flatMap((some) => historyOf(decider, some).map(({ event }) => event.type)));
  const types = Object.entries(kindOfEvent).filter(([, kind]) => kind === decider.kind);
  expect([...told].toSorted()).toEqual(types.map(([type]) => type).toSorted());
}

function check<State, Command, Event extends LedgerEvent>(
  decider: Decider<State, Command, Event>,
  steps: fc.Arbitrary<Step<State, Command>>,
): () => void {
  return () => {
    everyHistory(decider, steps);
    everyEventIsTold(decider, steps);
  };
}

test.each<[string, () => void]>([
  ["a job", check(jobDecider, jobSteps)],
  ["a delivery", check(deliveryDecider, deliverySteps)],
  ["a study", check(studyDecider, studySteps)],
  ["a session", check(sessionDecider, sessionSteps)],
  ["a node", check(nodeDecider, nodeSteps)],
  ["a site", check(siteDecider, siteSteps)],
  ["a person's access", check(accessDecider, accessSteps)],
  ["an adoption", check(adoptionDecider, adoptionSteps)],
])(
  "%s: what was decided can be stored and evolved, and decided again at once it is nothing",
  (_, checked) => {
    expect(checked).not.toThrow();
  },
);

const terminal: ReadonlySet<JobEvent["type"]> = new Set(["JobCompleted", "JobDeadLettered", "JobCancelled"]);

test("a job ends at most once between two retries, completes at most once, and only a completion is superseded", () => {
  everyHistory(jobDecider, jobSteps, (history) => {
    const types = history.map(({ event }) => event.type);
    const lives = types.join(" ").split("JobRetried");
    for (const life of lives)
      expect(life.split(" ").filter((type) => terminal.has(type as JobEvent["type"])).length).toBeLessThan(2);
    expect(types.filter((type) => type === "JobCompleted").length).toBeLessThan(2);
    const end = types.indexOf("JobCompleted");
    if (end >= 0) expect(["", "JobSuperseded"]).toContain(types.slice(end + 1).join(" "));
  });
});

test("a job's tokens only rise, and what completes it is the last one given", () => {
  everyHistory(jobDecider, jobSteps, (history) => {
    let last = 0;
    for (const { event, version } of history) {
      if (event.type === "JobCompleted") expect(event.token.version).toBe(last);
      if (event.type !== "JobClaimed") continue;
      expect(version).toBeGreaterThan(last);
      last = version;
    }
  });
});

test("a session's epoch never falls, rises by one with each move, and only so", () => {
  everyHistory(sessionDecider, sessionSteps, (history) => {
    for (const { event, before } of history) {
      const epoch = before.status === "none" ? 1 : before.epoch;
      expect(event.epoch).toBe(event.type === "SessionMoved" ? epoch + 1 : epoch);
    }
  });
});

test("an object that counts in a study was received or revised, and every one ever named is known", () => {
  everyHistory(studyDecider, studySteps, (history) => {
    const named = new Set(history.flatMap(({ event }) => objectsOf(event)));
    const state = history.reduce(
      (now, { event, version }) => studyDecider.evolve(now, event, version),
      studyDecider.initial,
    );
    if (state.status === "none") return;
    expect(state.known).toEqual(named);
    for (const { digest } of state.objects.values()) expect(named).toContain(digest);
  });
});

function objectsOf(event: LedgerEvent) {
  if (event.type === "StudyObjectsReceived") return event.objects.map(({ digest }) => digest);
  const one = event.type === "StudyObjectRevised" || event.type === "StudyObjectQuarantined";
  return one ? [event.object.digest] : [];
}
