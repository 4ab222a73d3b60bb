/** What many runs share: a cluster of three sites, the PACS, the ledger as an operator sees it, a follower at each site. */
import type { EventLog } from "@releve/ledger/event-log";
import type { RunningCluster } from "@releve/server/cluster/running-cluster";
import type { Follower } from "../watch/follower.ts";
import type { LedgerWatch } from "../watch/ledger-watch.ts";
import type { AcceptedObject, Acknowledged } from "../invariants/run-evidence.ts";
import type { Orthanc } from "./orthanc.ts";
import type { SiteImage } from "./site-image.ts";
import type { PacsLine } from "./pacs-line.ts";

export type Stage = {
  readonly dir: string;
  readonly cluster: RunningCluster;
  readonly pacs: { readonly orthanc: Orthanc; readonly line: PacsLine; readonly destination: string };
  readonly log: EventLog;
  /** The ledger through this site's server alone, as the drill's own writers use it. */
  readonly writers: readonly { readonly site: string; readonly log: EventLog }[];
  readonly followers: readonly Follower[];
  readonly watch: LedgerWatch;
  /** The disk of one of the sites, where the machine allows loop devices. */
  readonly image: SiteImage | undefined;
  /** Every role looks here for the step at which it shall end itself. */
  readonly failpointFile: string;
  /** Of all runs so far: later ones must not lose it. */
  readonly acknowledged: Acknowledged[];
  readonly accepted: AcceptedObject[];
  readonly close: () => Promise<void>;
};
