/** Every fault by its name: one that is missing here does not compile. */
import type { FaultName } from "../fault-names.ts";
import type { FaultDrill } from "./fault.ts";
import { killNode } from "./kill-node.ts";

export const allFaults: { readonly [Name in FaultName]: FaultDrill } = {
  "kill-node": killNode,
};
