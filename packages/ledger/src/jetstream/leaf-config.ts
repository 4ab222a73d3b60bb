/** The links between the ledgers of autonomous sites and the others': which servers are leaves of which. */
import type { TlsFiles } from "@releve/domain/tls-files";
import { fileLines, quoted, tlsLines } from "./config-text.ts";

export type LeavesConfig = {
  readonly port: number;
  /** Whose certificates may be leaves, and in which account. */
  readonly users: readonly { readonly user: string; readonly account: string }[];
};

export type TrunkConfig = {
  /** `host:port` of each server that it may be a leaf of. */
  readonly servers: readonly string[];
  readonly account: string;
  /** Never carried over the link: the site is the sole writer of its own ledger, and others of theirs. */
  readonly own: readonly string[];
};

type Links = {
  readonly host: string;
  readonly leaves?: LeavesConfig;
  readonly trunk?: TrunkConfig;
};

/** Both ends show certificates; a leaf's is its user, and the user has the account. */
export function leafLines({ host, leaves, trunk }: Links, tls: TlsFiles): readonly string[] {
  if (!leaves && !trunk) return [];
  return [
    `leafnodes {`,
    ...(leaves ? leavesLines(host, leaves, tls) : []),
    ...(trunk ? trunkLines(trunk, tls) : []),
    `}`,
  ];
}

const leavesLines = (host: string, { port, users }: LeavesConfig, tls: TlsFiles): readonly string[] => [
  `  listen: ${quoted(`${host}:${port}`)}`,
  `  no_advertise: true`,
  ...tlsLines(tls),
  `  authorization {`,
  `    users: [`,
  ...users.map(({ user, account }) => `      { user: ${quoted(user)}, account: ${quoted(account)} }`),
  `    ]`,
  `  }`,
];

const trunkLines = ({ servers, account, own }: TrunkConfig, tls: TlsFiles): readonly string[] => [
  `  remotes: [`,
  `    {`,
  `      urls: [${servers.map((server) => quoted(`tls://${server}`)).join(", ")}]`,
  `      account: ${quoted(account)}`,
  `      deny_imports: [${own.map(quoted).join(", ")}]`,
  `      deny_exports: [${own.map(quoted).join(", ")}]`,
  `      tls {`,
  ...fileLines(tls),
  `      }`,
  `    }`,
  `  ]`,
];
