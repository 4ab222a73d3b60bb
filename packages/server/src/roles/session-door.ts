/** A node's door for interactive sessions: it opens kernels of its own, so that a frame never waits behind a job's planes. */
import { steadyClock } from "@releve/domain/clock";
import { openKernelRunner } from "@releve/kernels/open-kernel-runner";
import { SessionHost } from "@releve/recon/session/session-host";
import { listenForSessions } from "@releve/recon/session/session-listener";
import { linkOptions } from "@releve/recon/session/text-socket";
import { volumeShelf } from "@releve/recon/session/volume-shelf";
import type { ObjectStore } from "@releve/store/object-store";
import { objectsOf } from "@releve/store/site-copy";
import type { HeartbeatSender } from "@releve/wire/heartbeat-sender";
import { tlsFilesOf } from "../config/production-rules.ts";
import type { SettingsOf } from "../config/settings.ts";
import { mayBringSessions } from "../identities/admitted-peers.ts";
import { listenerTls } from "./listener-tls.ts";
import { logFault, type RoleLog } from "./log.ts";
import { siteFetch } from "./site-fetch.ts";

export type SessionDoor = { readonly close: () => Promise<void> };

/** Its address and its room are in the heartbeats from then on. @throws the listener's error, such as EADDRINUSE. */
export async function openSessionDoor(
  settings: SettingsOf<"recon">,
  store: ObjectStore,
  beats: Pick<HeartbeatSender, "update">,
  log: RoleLog,
): Promise<SessionDoor> {
  const { RELEVE_SESSION_HOST: host, RELEVE_SESSION_PORT: port, RELEVE_SESSIONS: most } = settings;
  const budgetBytes = settings.RELEVE_SESSION_BUDGET_BYTES;
  const { read } = objectsOf(store, settings.RELEVE_OTHER_SITES, siteFetch(settings));
  const shelf = volumeShelf({ readObject: read, budgetBytes });
  const onFault = logFault(log, "sessions");
  let url: string | undefined;
  const beat = (held: number) => {
    if (url) beats.update({ sessions: { url, held, most, freeBytes: shelf.freeBytes() } });
  };
  const sessions = new SessionHost({
    self: { node: settings.RELEVE_NODE, site: settings.RELEVE_SITE },
    shelf,
    openRunner: () =>
      openKernelRunner({ engine: settings.RELEVE_ENGINE, threads: settings.RELEVE_THREADS, budgetBytes }),
    sessionsMost: most,
    clock: steadyClock,
    link: linkOptions(tlsFilesOf(settings)),
    onFault,
    onHeld: beat,
  });
  const https = listenerTls(settings, host);
  const listener = await listenForSessions({
    host,
    port,
    https,
    admits: mayBringSessions,
    sessions,
    onFault,
  });
  url = listener.url;
  beat(0);
  return {
    close: async () => {
      sessions.close();
      await listener.close();
    },
  };
}
