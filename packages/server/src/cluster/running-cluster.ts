/**
 * A running cluster as those see it who watch it or do harm to it: processes that can be signalled and started again, sites
 * that can be cut off, and the ledger through an operator's own identity. What `npm run cluster` starts, drills act on.
 */
import type { TlsFiles } from "@releve/domain/tls-files";
import type { EventLog } from "@releve/ledger/event-log";
import type { Role } from "../config/settings.ts";

export type ManagedProcess = {
  /** Unique in the cluster, such as `gateway-a`, `a1`, `nats-b`. */
  readonly name: string;
  readonly role: Role | "nats";
  readonly site: string;
  /** Undefined while it does not run. */
  readonly pid: () => number | undefined;
  /** The signal goes to the process itself; SIGSTOP freezes it with all of its threads. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** SIGKILL, waits until it is gone, and keeps it down until `start`. */
  readonly killForGood: () => Promise<void>;
  /** Whether it is started again when it dies by itself; at first every process is. */
  readonly attend: (attended: boolean) => void;
  /** Starts it again with the settings that it had (and `extra` environment), and waits until it is ready. */
  readonly start: (extra?: Readonly<Record<string, string>>) => Promise<void>;
};

export type RunningSite = {
  readonly site: string;
  /** The IPv4 address of all its listeners; each site has its own. */
  readonly address: string;
  /** Its network namespace, where the machine allows one. */
  readonly namespace?: string;
  readonly dataDir: string;
  readonly natsUrl: string;
  /** What the site's ledger server stores: a backup is a copy of this folder, made and put back while the server is down. */
  readonly ledgerStore: string;
  readonly dimse: { readonly host: string; readonly port: number; readonly aeTitle: string };
  /** DICOMweb of its gateway, and its console, each `http(s)://host:port`. */
  readonly webUrl: string;
  readonly consoleUrl: string;
};

/** Only where sites have network namespaces of their own. */
export type SiteNetwork = {
  /** Nothing goes from one site to the other, as with a cable that is cut; `direction` cuts one way only. */
  readonly cut: (from: string, to: string, direction?: "both" | "one-way") => Promise<void>;
  /** Between every two sites: the round trip takes so much longer, and that part of the packets is lost, until `heal`. */
  readonly slow: (line: SlowLine) => Promise<void>;
  readonly heal: () => Promise<void>;
};

export type SlowLine = {
  /** Half of it each way. */
  readonly delayMs: number;
  /** 0 to 1, of the packets each way. */
  readonly loss: number;
  /** TCP's congestion control at the sites, for connections made from then on; the machine's own when absent. */
  readonly congestion?: "cubic" | "bbr" | "reno";
};

export type RunningCluster = {
  readonly sites: readonly RunningSite[];
  readonly processes: readonly ManagedProcess[];
  readonly network: SiteNetwork | undefined;
  /** The ledger as an operator sees it: may read everything and append what a person may. The caller closes it. */
  readonly openLog: (name: string) => Promise<EventLog>;
  /** Process name of the server that leads the ledger's stream; undefined while none does. */
  readonly ledgerLeader: () => Promise<string | undefined>;
  /** The ledger's servers, and the operator's identity, for those who open connections of their own. */
  readonly ledger: {
    readonly servers: readonly string[];
    readonly replicas: number;
    readonly tls?: TlsFiles;
    readonly inboxPrefix?: string;
    readonly apiPrefix?: string;
  };
  readonly stop: () => Promise<void>;
};
