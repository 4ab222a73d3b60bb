/** Every fault by its name: one that is missing here does not compile. */
import type { FaultName } from "../fault-names.ts";
import { asymmetricPartition } from "./asymmetric-partition.ts";
import { clockSkew } from "./clock-skew.ts";
import { crashAtEveryStep } from "./crash-at-every-step.ts";
import { diskFull } from "./disk-full.ts";
import { duplicateDelivery } from "./duplicate-delivery.ts";
import type { FaultDrill } from "./fault.ts";
import { killAllLedgers } from "./kill-all-ledgers.ts";
import { killApi } from "./kill-api.ts";
import { killGateway } from "./kill-gateway.ts";
import { killLedgerLeader } from "./kill-ledger-leader.ts";
import { killNode } from "./kill-node.ts";
import { loseSite } from "./lose-site.ts";
import { mixedVersions } from "./mixed-versions.ts";
import { pacsDown } from "./pacs-down.ts";
import { pacsHalfStores } from "./pacs-half-stores.ts";
import { partitionSite } from "./partition-site.ts";
import { poisonJob } from "./poison-job.ts";
import { powerCut } from "./power-cut.ts";
import { restoreOlderBackup } from "./restore-older-backup.ts";
import { slowWan } from "./slow-wan.ts";
import { stopNode } from "./stop-node.ts";

export const allFaults: { readonly [Name in FaultName]: FaultDrill } = {
  "kill-node": killNode,
  "stop-node": stopNode,
  "kill-api": killApi,
  "kill-gateway": killGateway,
  "kill-ledger-leader": killLedgerLeader,
  "kill-all-ledgers": killAllLedgers,
  "power-cut": powerCut,
  "lose-site": loseSite,
  "partition-site": partitionSite,
  "asymmetric-partition": asymmetricPartition,
  "slow-wan": slowWan,
  "disk-full": diskFull,
  "duplicate-delivery": duplicateDelivery,
  "pacs-down": pacsDown,
  "pacs-half-stores": pacsHalfStores,
  "crash-at-every-step": crashAtEveryStep,
  "poison-job": poisonJob,
  "clock-skew": clockSkew,
  "mixed-versions": mixedVersions,
  "restore-older-backup": restoreOlderBackup,
};
