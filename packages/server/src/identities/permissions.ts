/**
 * Who may say what on NATS: the one table of users. A subject that is not listed is refused, so nobody can purge, delete or change a
 * stream, take part in its cluster, list other people's consumers, or beat for another process.
 */
import { nodeStream, siteStream, subjectOf, subjectPrefix } from "@releve/ledger/streams";
import type { NatsUser } from "@releve/ledger/jetstream/accounts-config";
import type { StreamKind } from "@releve/ledger/event-log";
import type { NodeId, SiteId } from "@releve/domain/ids";
import { drillStatusSubject } from "@releve/wire/drill-status";
import { everyHeartbeat, heartbeatSubject } from "@releve/wire/heartbeat";
import { identityUri, inboxPrefixOf, type Identity, type IdentityKind } from "./identity.ts";

export const every = (kind: StreamKind): string => `${subjectPrefix}.${kind}.*`;

/** The server answers in every account under its own prefix, so that ours is another. */
export const serverApi = "$JS.API";
const importedApi = "LEDGER.API";
/** Under which prefix this process asks for the ledger. */
export const apiPrefixOf = ({ kind }: Pick<Identity, "kind">): string =>
  kind === "operator" ? serverApi : importedApi;

/** Reading the ledger, below the prefix: its state, single messages, batches, and one's own consumers on it; `many` gives several answers. */
export const readingOf = (
  stream: string,
): readonly { readonly subject: string; readonly many: boolean }[] => [
  { subject: `STREAM.INFO.${stream}`, many: false },
  { subject: `STREAM.MSG.GET.${stream}`, many: false },
  { subject: `DIRECT.GET.${stream}`, many: true },
  { subject: `DIRECT.GET.${stream}.>`, many: true },
  { subject: `CONSUMER.CREATE.${stream}.>`, many: false },
  { subject: `CONSUMER.INFO.${stream}.*`, many: false },
  { subject: `CONSUMER.MSG.NEXT.${stream}.*`, many: true },
  { subject: `CONSUMER.DELETE.${stream}.*`, many: false },
];

export const ownBeatOf = ({ site, name }: Identity): string => heartbeatSubject(site, name);
const ownNodeStream = ({ site, name }: Identity): string =>
  subjectOf(nodeStream(site as SiteId, name as NodeId));
const ownSiteStream = ({ site }: Identity): string => subjectOf(siteStream(site as SiteId));

/** What each kind of process may write, besides what all readers may ask. */
const writes: Record<IdentityKind, (identity: Identity) => readonly string[]> = {
  node: (self) => [ownBeatOf(self), every("job"), ownNodeStream(self)],
  gateway: (self) => [
    ownBeatOf(self),
    every("study"),
    every("job"),
    every("delivery"),
    every("node"),
    every("site"),
  ],
  api: (self) => [
    ownBeatOf(self),
    every("job"),
    every("delivery"),
    every("node"),
    every("session"),
    every("access"),
    ownSiteStream(self),
  ],
  archive: () => [],
  ledger: () => [],
  leaf: () => [],
  // The set-up: it creates the stream, adopts a restored one, and does by the command what the console does.
  // Copies of autonomous sites' ledgers are streams of their own beside the ledger.
  operator: () => [
    `${serverApi}.STREAM.CREATE.*`,
    drillStatusSubject,
    every("job"),
    every("delivery"),
    every("node"),
    every("site"),
    every("ledger"),
  ],
};

/** @param streams the ledger's stream, and the copies of other ledgers that lie beside it. */
export function natsUserOf(identity: Identity, streams: readonly string[]): NatsUser {
  const own = writes[identity.kind](identity);
  const asking = (identity.kind === "operator" ? ["*"] : streams)
    .flatMap(readingOf)
    .map(({ subject }) => `${apiPrefixOf(identity)}.${subject}`);
  const reads = !["archive", "ledger", "leaf"].includes(identity.kind);
  return {
    user: identityUri(identity),
    publish: reads ? [...asking, ...own] : own,
    subscribe: reads ? [`${inboxPrefixOf(identity)}.>`, everyHeartbeat, drillStatusSubject] : [],
  };
}
