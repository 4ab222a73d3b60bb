/**
 * The API of a site: the read model, live nodes, pictures and the console. It serves what it has at once; the ledger and the
 * heartbeats come when they can be reached, and the read model is brought up to date from then on.
 */
import { join } from "node:path";
import { readSecret } from "@releve/access/embedded/prepare-provider";
import { startApi, type Api, type ApiOptions } from "@releve/api/start-api";
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { EventLog } from "@releve/ledger/event-log";
import { ledgerStream } from "@releve/ledger/jetstream/jetstream-log";
import { watchLedgerHealth } from "@releve/ledger/jetstream/ledger-health";
import { followReadModel } from "@releve/ledger/read-models/follow-read-model";
import { openReadModel, type ReadModel } from "@releve/ledger/read-models/open-read-model";
import { linkOptions } from "@releve/recon/session/text-socket";
import { openObjectStore } from "@releve/store/object-store";
import { objectsOf } from "@releve/store/site-copy";
import { listenToDrills, type DrillListener } from "@releve/wire/drill-listener";
import { listenToHeartbeats, type HeartbeatListener } from "@releve/wire/heartbeat-listener";
import type { SettingsOf } from "../config/settings.ts";
import { mayUseConsole } from "../identities/admitted-peers.ts";
import { identityUri, operatorIdentity } from "../identities/identity.ts";
import { followCopies, openCopyModels } from "./follow-copies.ts";
import { tlsFilesOf } from "../config/production-rules.ts";
import { listenerTls } from "./listener-tls.ts";
import { logFault, type RoleLog } from "./log.ts";
import { natsLink, openLedger } from "./open-ledger.ts";
import { aborted } from "./shutdown.ts";
import { siteFetch } from "./site-fetch.ts";

const openAgainMs = 5_000;

export async function runApi(
  settings: SettingsOf<"api">,
  log: RoleLog,
  signal: AbortSignal,
  ready: () => void,
): Promise<void> {
  const name = `api:${settings.RELEVE_SITE}`;
  const link = natsLink(settings, name);
  const dataDir = settings.RELEVE_DATA_DIR;
  const model = openReadModel({
    file: join(dataDir, "read-models", "api.sqlite"),
    onRebuild: (why) => log("the read model is built anew", { why }),
  });
  const copies = openCopyModels(settings, log);
  const store = await openObjectStore({
    dir: join(dataDir, "store"),
    minFreeBytes: settings.RELEVE_MIN_FREE_BYTES,
  });
  const objects = objectsOf(store, settings.RELEVE_OTHER_SITES, siteFetch(settings));
  const wire: Wire = { nodes: undefined, drills: undefined };
  const ledger: Ledger = { log: undefined };
  let api: Api | undefined;
  const health = watchLedgerHealth({
    ...link,
    streamName: ledgerStream.name,
    onHealth: ({ silentSinceMs, last }) => (silentSinceMs === null ? api?.onLedgerEnd(last) : undefined),
  });
  try {
    api = await startApi({
      host: settings.RELEVE_HTTP_HOST,
      port: settings.RELEVE_HTTP_PORT,
      ...listenerOf(settings),
      operatorUri: identityUri(operatorIdentity),
      consoleDir: settings.RELEVE_CONSOLE_DIR,
      place: placeOf(settings),
      model,
      copies,
      log: () => ledger.log,
      health: health.health,
      readObject: objects.read,
      nodes: () => liveNodes(wire.nodes),
      drill: () => wire.drills?.running(),
      nodeLink: linkOptions(tlsFilesOf(settings)),
      onSessionFault: logFault(log, "sessions"),
      onFault: logFault(log, "access"),
    });
    ready();
    const { onWritten, onCopied } = api;
    const open = (onFault: (fault: Fault) => void) => openLedger(settings, name, onFault, signal);
    const following = follow({ open, ledger, model, onWritten, log, signal });
    // Who is still trying to connect is not waited for when the process ends; the ledger is, to close it.
    const copied = followCopies({ settings, name, models: copies, onWritten: onCopied, log }, signal);
    const ended = aborted(signal).then(() => Promise.all([following, copied]));
    await Promise.race([ended, Promise.all([listen(wire, link, log, signal), following, copied])]);
  } finally {
    await Promise.all([api?.close(), wire.nodes?.stop(), wire.drills?.stop(), health.stop()]);
    for (const each of [model, ...copies.values()]) each.close();
  }
}

/** Without sign-in only the operator's certificate comes in; with it people do, who have none. */
function listenerOf(settings: SettingsOf<"api">): Pick<ApiOptions, "https" | "admits" | "signIn"> {
  const tls = listenerTls(settings, settings.RELEVE_HTTP_HOST);
  if (settings.RELEVE_ISSUER === "") return { https: tls, admits: mayUseConsole };
  const consoleUrl =
    settings.RELEVE_CONSOLE_URL || `http://${settings.RELEVE_HTTP_HOST}:${settings.RELEVE_HTTP_PORT}`;
  return {
    https: tls && { ...tls, rejectUnauthorized: false },
    signIn: {
      issuer: settings.RELEVE_ISSUER,
      clientId: settings.RELEVE_CLIENT_ID,
      clientSecret: readSecret(settings.RELEVE_CLIENT_SECRET_FILE),
      audience: settings.RELEVE_AUDIENCE,
      consoleUrl,
      dir: join(settings.RELEVE_DATA_DIR, "sign-in"),
    },
  };
}

type Wire = { nodes: HeartbeatListener | undefined; drills: DrillListener | undefined };
type Ledger = { log: EventLog | undefined };

const placeOf = (settings: SettingsOf<"api">) => ({
  site: settings.RELEVE_SITE,
  address: settings.RELEVE_HTTP_HOST,
  otherSites: settings.RELEVE_OTHER_SITES.map(({ host }) => host),
});

const liveNodes = (listener: HeartbeatListener | undefined) =>
  [...(listener?.liveness().nodes.values() ?? [])]
    .filter(({ beat }) => beat.kind === "recon")
    .map(({ beat, status }) => ({ ...beat, status }));

/** Heartbeats and drills, as soon as NATS is reached; the connections then keep themselves. */
async function listen(
  wire: Wire,
  link: ReturnType<typeof natsLink>,
  log: RoleLog,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && !wire.drills) {
    try {
      wire.nodes ??= await listenToHeartbeats(link);
      wire.drills = await listenToDrills(link);
    } catch (error) {
      if (!(error instanceof Fault) || error.retry === "never") throw error;
      logFault(log, "heartbeats")(error);
    }
  }
}

type Follow = {
  readonly open: (onFault: (fault: Fault) => void) => Promise<EventLog | undefined>;
  readonly ledger: Ledger;
  readonly model: ReadModel;
  readonly onWritten: Api["onWritten"];
  readonly log: RoleLog;
  readonly signal: AbortSignal;
};

/** A ledger that came back older than it was is waited for until a person has adopted it: what is known is shown meanwhile. */
async function follow({ open, ledger, model, onWritten, log, signal }: Follow): Promise<void> {
  const onFault = logFault(log, "ledger");
  while (!signal.aborted) {
    try {
      ledger.log = await open(onFault);
      if (ledger.log) await followReadModel(ledger.log, model, signal, { onWritten, onFault });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== "LEDGER_RESTORED") throw error;
      onFault(error);
      await systemClock.wait(openAgainMs, signal);
    } finally {
      const closing = ledger.log;
      ledger.log = undefined;
      await closing?.close();
    }
  }
}
