import { expect, test } from "vitest";
import { ledgerAccounts } from "./accounts.ts";
import { identityKinds, type Identity } from "./identity.ts";
import { natsUserOf } from "./permissions.ts";

const identities = identityKinds.map((kind): Identity => ({
  kind,
  site: "site-a",
  name: kind === "node" ? "a1" : kind,
}));
const users = identities.map((identity) => ({ identity, ...natsUserOf(identity, ["LEDGER"]) }));
const mayWrite = (subject: string) =>
  users.filter(({ publish }) => publish.includes(subject)).map(({ identity }) => identity.kind);

test("who may write what", () => {
  expect({
    job: mayWrite("ledger.job.*"),
    delivery: mayWrite("ledger.delivery.*"),
    study: mayWrite("ledger.study.*"),
    session: mayWrite("ledger.session.*"),
    access: mayWrite("ledger.access.*"),
    node: mayWrite("ledger.node.*"),
    site: mayWrite("ledger.site.*"),
    adoption: mayWrite("ledger.ledger.*"),
  }).toEqual({
    job: ["node", "gateway", "api", "operator"],
    delivery: ["gateway", "api", "operator"],
    study: ["gateway"],
    session: ["api"],
    access: ["api"],
    node: ["gateway", "api", "operator"],
    site: ["gateway", "operator"],
    adoption: ["operator"],
  });
});

test("no right has a pattern that holds more than one kind of stream, or the server's whole interface", () => {
  const all = users.flatMap(({ publish }) => publish);
  const wide = all.filter((subject) =>
    /^(>|\*|ledger\.(>|\*)|\$JS\.(>|API\.(>|\*)|API\.STREAM\.(>|\*)))/.test(subject),
  );
  expect(wide).toEqual([]);
});

test("a heartbeat is everybody's own, and an inbox too", () => {
  const node = users.find(({ identity }) => identity.kind === "node")!;
  expect(node.publish.filter((subject) => subject.startsWith("heartbeat"))).toEqual(["heartbeat.site-a.a1"]);
  const inboxes = users.flatMap(({ subscribe }) =>
    subscribe.filter((subject) => subject.startsWith("_INBOX")),
  );
  expect(new Set(inboxes).size).toBe(inboxes.length);
});

test("an account imports what its kind's users may write, and nothing else of the ledger", () => {
  for (const { name, imports, users: of } of ledgerAccounts(identities, "LEDGER")) {
    if (name === "LEDGER") continue;
    const imported = imports.filter(({ kind }) => kind === "service").map(({ to }) => to);
    const written = of
      .flatMap(({ publish }) => publish)
      .filter((subject) => !subject.startsWith("heartbeat"));
    for (const subject of written)
      expect(imported.some((to) => to === subject || to === subject.replace(/[^.]*$/, "*"))).toBe(true);
    expect(imported.length).toBeLessThanOrEqual(written.length + 1);
  }
});
