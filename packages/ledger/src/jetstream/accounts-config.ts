/** Who may publish and hear what in the nats-server: accounts, their users, and what crosses between them. */
import { quoted } from "./config-text.ts";

/**
 * A world of subjects of its own. What an account does not import does not exist in it: not even an answer, which a server
 * sends to whatever subject the asker named, can leave it for the ledger's own account.
 */
export type NatsAccount = {
  readonly name: string;
  readonly jetStream: boolean;
  readonly users: readonly NatsUser[];
  readonly exports: readonly NatsExport[];
  readonly imports: readonly NatsImport[];
};

/** `service`: others may publish there and get one answer; `service-of-many`: or several; `stream`: others may listen. */
export type NatsExport = {
  readonly kind: "service" | "service-of-many" | "stream";
  readonly subject: string;
};
export type NatsImport = {
  readonly kind: "service" | "stream";
  readonly account: string;
  readonly subject: string;
  /** What it is called in the importing account; its own name when absent. */
  readonly to?: string;
};

/** Subjects, with `*` and `>`; what is not listed is refused. */
export type NatsUser = {
  readonly user: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
};

/** The part that depends on who is in the installation, for a configuration that includes it. */
export const natsAccountsConfig = (accounts: readonly NatsAccount[]): string =>
  `${accountsLines(accounts).join("\n")}\n`;

export const accountsLines = (accounts: readonly NatsAccount[]): readonly string[] => [
  `accounts {`,
  ...accounts.flatMap(accountLines),
  `}`,
];

const accountLines = ({ name, jetStream, users, exports, imports }: NatsAccount): readonly string[] => [
  `  ${quoted(name)}: {`,
  ...(jetStream ? [`    jetstream: enabled`] : []),
  `    users: [`,
  ...users.map(userLine),
  `    ]`,
  `    exports: [`,
  ...exports.map(exportLine),
  `    ]`,
  `    imports: [`,
  ...imports.map(importLine),
  `    ]`,
  `  }`,
];

const exportLine = ({ kind, subject }: NatsExport): string =>
  kind === "stream"
    ? `      { stream: ${quoted(subject)} }`
    : `      { service: ${quoted(subject)}, response_type: ${kind === "service" ? "single" : "stream"} }`;

const importLine = ({ kind, account, subject, to = subject }: NatsImport): string =>
  `      { ${kind}: { account: ${quoted(account)}, subject: ${quoted(subject)} }, to: ${quoted(to)} }`;

const userLine = ({ user, publish, subscribe }: NatsUser): string =>
  `      { user: ${quoted(user)}, permissions: { publish: ${rights(publish)}, subscribe: ${rights(subscribe)} } }`;

/** An empty list of what is allowed would allow everything. */
const rights = (subjects: readonly string[]): string =>
  subjects.length === 0 ? `{ deny: [">"] }` : `{ allow: [${subjects.map(quoted).join(", ")}] }`;
