/** Sessions as the API has them: what a person may ask for, and the routes of the page and of its stream. */
import { steadyClock, type Clock } from "@releve/domain/clock";
import type { Digest, StudyId } from "@releve/domain/ids";
import type { EventLog } from "@releve/ledger/event-log";
import type { ReadModel } from "@releve/ledger/read-models/open-read-model";
import type { FastifyInstance } from "fastify";
import type { ClientOptions } from "ws";
import type { LiveNode, Place } from "../api-context.ts";
import { openSession, type SessionCommands } from "./open-session.ts";
import { sessionLedger } from "./session-ledger.ts";
import { sessionRoutes } from "./session-routes.ts";

export type SessionsOptions = {
  readonly place: Place;
  readonly model: ReadModel;
  readonly log: () => EventLog | undefined;
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly nodes: () => readonly LiveNode[];
  /** This process's certificate for the nodes that host sessions, where it has one. */
  readonly nodeLink?: ClientOptions;
  /** Told of what failed beside a session's own refusals; thrown when absent. */
  readonly onSessionFault?: (error: unknown) => void;
};

export type Sessions = SessionCommands & {
  /** @param hasConsole whether the built console is served here. */
  readonly addRoutes: (app: FastifyInstance, hasConsole: boolean) => Promise<void>;
};

export function openSessions(options: SessionsOptions, clock: Clock): Sessions {
  const { model, place, readObject, nodes, nodeLink: link = {}, onSessionFault: onFault = rethrow } = options;
  const { site } = place;
  const ledger = sessionLedger(options.log, site, clock);
  const study = (id: StudyId) => model.ask(({ view }) => view("study", id));
  const deps = { ledger, study, readObject, nodes, site };
  return {
    open: (wanted) => openSession(deps, wanted),
    close: ledger.close,
    addRoutes: (app, hasConsole) =>
      sessionRoutes(app, { ...deps, link, clock: steadyClock, onFault }, hasConsole),
  };
}

function rethrow(error: unknown): never {
  throw error;
}
