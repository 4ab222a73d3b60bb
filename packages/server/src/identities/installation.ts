/** Who is in an installation and where, as its administrator writes it down once: the source of every key and every right. */
import { readFileSync } from "node:fs";
import { Fault } from "@releve/domain/fault";
import { isName } from "@releve/domain/ids";
import { z } from "zod";
import { clusterLedger } from "@releve/ledger/jetstream/autonomous-ledger";
import { operatorIdentity, type Identity } from "./identity.ts";
import type { WantedIdentity } from "./ensure-identities.ts";

const name = z.string().refine(isName, "lower-case letters, digits and dashes, at most 31");
const address = z.union([z.ipv4(), z.ipv6()]);

const installationSchema = z.strictObject({
  sites: z
    .array(
      z.strictObject({
        name,
        /** Addresses of its machines. */
        ledger: address,
        gateway: address,
        api: address,
        nodes: z.record(name, address),
        /** It has a ledger of its own at its own server, a leaf of the others' cluster. */
        autonomous: z.boolean().default(false),
      }),
    )
    .min(1),
  /** Address of a small ledger server in a third failure domain. */
  witness: address.optional(),
});

export type Installation = z.infer<typeof installationSchema>;

/** @throws Fault INSTALLATION_INVALID naming what is wrong. */
export function readInstallation(file: string): Installation {
  try {
    return installationSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Fault("INSTALLATION_INVALID", `${file} describes no installation: ${why}`, "never", error);
  }
}

/** Everybody with the address where it listens, the operator among them. */
export function identitiesOf({ sites, witness }: Installation): readonly WantedIdentity[] {
  const ofSites = sites.flatMap(({ name: site, nodes, ...at }) => [
    { kind: at.autonomous ? "leaf" : "ledger", site, name: "ledger", addresses: [at.ledger] } as const,
    ...(["gateway", "api"] as const).map((kind) => ({ kind, site, name: kind, addresses: [at[kind]] })),
    ...Object.entries(nodes).map(([node, where]) => ({
      kind: "node" as const,
      site,
      name: node,
      addresses: [where],
    })),
  ]);
  const third = witness === undefined ? [] : [ledgerAt("witness", witness)];
  return [{ ...operatorIdentity, addresses: [] }, ...ofSites, ...third];
}

export type LedgerOfInstallation = {
  /** What its servers include: who may do what. */
  readonly accountsFile: string;
  /** Who speaks to it. */
  readonly identities: readonly Identity[];
  /** The other ledgers that are copied beside it. */
  readonly copies: readonly string[];
};

/** The cluster's ledger, and one of each autonomous site; each copies all the others. */
export function ledgersOf(installation: Installation): readonly LedgerOfInstallation[] {
  const autonomous = installation.sites.filter((site) => site.autonomous).map((site) => site.name);
  const names = [clusterLedger, ...autonomous];
  const homeOf = (site: string): string => (autonomous.includes(site) ? site : clusterLedger);
  const all = identitiesOf(installation);
  return names.map((ledger) => ({
    accountsFile: ledger === clusterLedger ? "accounts.conf" : `accounts-${ledger}.conf`,
    identities: all.filter(({ kind, site }) => kind === "operator" || homeOf(site) === ledger),
    copies: names.filter((other) => other !== ledger),
  }));
}

const ledgerAt = (site: string, where: string): WantedIdentity => ({
  kind: "ledger",
  site,
  name: "ledger",
  addresses: [where],
});
