/** The faults that `npm run drill` knows, in the order in which `all` runs them. Each has a file of its name in `faults/`. */
export const faultNames = [
  "kill-node",
  "stop-node",
  "kill-api",
  "kill-gateway",
  "kill-ledger-leader",
  "kill-all-ledgers",
  "power-cut",
  "lose-site",
  "partition-site",
  "asymmetric-partition",
  "slow-wan",
  "disk-full",
  "duplicate-delivery",
  "pacs-down",
  "pacs-half-stores",
  "crash-at-every-step",
  "poison-job",
  "clock-skew",
  "mixed-versions",
  "restore-older-backup",
] as const;
export type FaultName = (typeof faultNames)[number];

export const isFaultName = (text: string): text is FaultName =>
  (faultNames as readonly string[]).includes(text);
