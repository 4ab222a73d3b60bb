/**
 * The accounts of a ledger server. Permissions alone do not keep a process from the subjects of another: a server answers to
 * whatever subject the asker names, and sends a stored message there as it is, so that a node could have the ledger itself
 * write a grant. So the stream lives in an account of its own with nobody but the operator, each kind of process has its own
 * account, and an account imports only what its kind may write: an answer to any other subject ends in the asker's account.
 */
import type { StreamKind } from "@releve/ledger/event-log";
import type { NatsAccount, NatsExport, NatsImport } from "@releve/ledger/jetstream/accounts-config";
import { subjectPrefix } from "@releve/ledger/streams";
import { drillStatusSubject } from "@releve/wire/drill-status";
import type { Identity, IdentityKind } from "./identity.ts";
import { apiPrefixOf, every, natsUserOf, ownBeatOf, readingOf, serverApi } from "./permissions.ts";

export const ledgerAccount = "LEDGER";

/** Whoever has an account of its own, with the kinds of streams that it may write. */
const writers = {
  node: ["job", "node"],
  gateway: ["study", "job", "delivery", "node", "site"],
  api: ["job", "delivery", "node", "session", "access", "site"],
} as const satisfies Partial<Record<IdentityKind, readonly StreamKind[]>>;

type Writer = keyof typeof writers;
const writerKinds = Object.keys(writers) as readonly Writer[];
const accountOf = (kind: Writer): string => `${kind.toUpperCase()}S`;

/** Exact subjects: the server takes accounts that import from each other under one pattern for a circle. */
const beatsOf = (identities: readonly Identity[], kind: Writer): readonly string[] =>
  identities.filter((identity) => identity.kind === kind).map(ownBeatOf);

/** Everybody hears every heartbeat, whoever sent it. */
const hearing = (identities: readonly Identity[], kinds: readonly Writer[]): readonly NatsImport[] =>
  kinds.flatMap((kind) =>
    beatsOf(identities, kind).map((subject) => ({ kind: "stream", account: accountOf(kind), subject })),
  );

/** @param stream the ledger's. @param copies of other ledgers, which all who read the ledger may read. */
export function ledgerAccounts(
  identities: readonly Identity[],
  stream: string,
  copies: readonly string[] = [],
): readonly NatsAccount[] {
  const streams = [stream, ...copies];
  const usersOf = (kind: IdentityKind) =>
    identities.filter((identity) => identity.kind === kind).map((identity) => natsUserOf(identity, streams));
  const ledger: NatsAccount = {
    name: ledgerAccount,
    jetStream: true,
    users: usersOf("operator"),
    exports: [
      ...streams.flatMap(readingOf).map(({ subject, many }): NatsExport => ({
        kind: many ? "service-of-many" : "service",
        subject: `${serverApi}.${subject}`,
      })),
      { kind: "service", subject: `${subjectPrefix}.>` },
      { kind: "stream", subject: drillStatusSubject },
    ],
    imports: hearing(identities, writerKinds),
  };
  return [
    ledger,
    ...writerKinds.map((kind) => ({ ...writerAccount(identities, kind, streams), users: usersOf(kind) })),
  ];
}

const service = (subject: string, to: string): NatsImport => ({
  kind: "service",
  account: ledgerAccount,
  subject,
  to,
});

function writerAccount(
  identities: readonly Identity[],
  kind: Writer,
  streams: readonly string[],
): Omit<NatsAccount, "users"> {
  const others = writerKinds.filter((other) => other !== kind);
  return {
    name: accountOf(kind),
    jetStream: false,
    exports: beatsOf(identities, kind).map((subject) => ({ kind: "stream", subject })),
    imports: [
      ...streams
        .flatMap(readingOf)
        .map(({ subject }) => service(`${serverApi}.${subject}`, `${apiPrefixOf({ kind })}.${subject}`)),
      ...writers[kind].map((of) => service(every(of), every(of))),
      ...hearing(identities, others),
      { kind: "stream", account: ledgerAccount, subject: drillStatusSubject },
    ],
  };
}
