import { expect, test } from "vitest";
import { identityUri } from "./identity.ts";
import { identitiesOf, ledgersOf, type Installation } from "./installation.ts";

const site = (name: string, autonomous: boolean) => ({
  name,
  ledger: "192.0.2.1",
  gateway: "192.0.2.1",
  api: "192.0.2.1",
  nodes: { [`${name.at(-1)}1`]: "192.0.2.1" },
  autonomous,
});
const installation: Installation = {
  sites: [site("site-a", false), site("site-x", true), site("site-b", false), site("site-y", true)],
  witness: "192.0.2.9",
};

test("an autonomous site's server is a leaf, and can be no route of the cluster", () => {
  const uris = identitiesOf(installation).map(identityUri);
  expect(uris.filter((uri) => uri.endsWith("/ledger"))).toEqual([
    "releve://site-a/ledger/ledger",
    "releve://site-x/leaf/ledger",
    "releve://site-b/ledger/ledger",
    "releve://site-y/leaf/ledger",
    "releve://witness/ledger/ledger",
  ]);
});

test("each ledger knows its own sites' processes alone, and copies all the others", () => {
  const told = ledgersOf(installation).map(({ accountsFile, identities, copies }) => ({
    accountsFile,
    sites: [...new Set(identities.map((identity) => identity.site))].toSorted().join(" "),
    copies: copies.join(" "),
  }));
  expect(told).toEqual([
    { accountsFile: "accounts.conf", sites: "site-a site-b system witness", copies: "site-x site-y" },
    { accountsFile: "accounts-site-x.conf", sites: "site-x system", copies: "hub site-y" },
    { accountsFile: "accounts-site-y.conf", sites: "site-y system", copies: "hub site-x" },
  ]);
});
