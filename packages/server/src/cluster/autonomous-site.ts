/**
 * The ledger servers of an installation with an autonomous site, as plans. The site's server is a leaf with a JetStream of its
 * own; the servers of the stretched cluster take it in. Nothing that the ledger stores crosses the link by itself: the copy is
 * asked for.
 */
import { clusterLedger, domainOf } from "@releve/ledger/jetstream/autonomous-ledger";
import { subjectPrefix } from "@releve/ledger/streams";
import { ledgerAccount } from "../identities/accounts.ts";
import { identityUri, type Identity } from "../identities/identity.ts";
import type { NatsPlan } from "./nats-process.ts";

export const leafIdentity = (site: string): Identity => ({ kind: "leaf", site, name: "ledger" });

/** A server of the stretched cluster that takes in these sites' servers at `port`; its domain is what they copy its ledger by. */
export const takingLeaves = (plan: NatsPlan, port: number, sites: readonly string[]): NatsPlan => ({
  ...plan,
  domain: domainOf(clusterLedger),
  leaves: {
    port,
    users: sites.map((site) => ({ user: identityUri(leafIdentity(site)), account: ledgerAccount })),
  },
});

/** The server of an autonomous site; `trunks` are the cluster's servers, `host:port` of their listeners for leaves. */
export function autonomousLedgerPlan(
  plan: Omit<NatsPlan, "cluster"> & { readonly site: string },
  trunks: readonly string[],
): NatsPlan {
  return {
    ...plan,
    domain: domainOf(plan.site),
    trunk: { servers: trunks, account: ledgerAccount, own: [`${subjectPrefix}.>`] },
  };
}
