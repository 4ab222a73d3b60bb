import { expect, test } from "vitest";
import { natsServerConfig } from "./server-config.ts";

const config = { serverName: "n1", host: "127.0.0.1", port: 4222, storeDirectory: '/var/lib/a "b" \\c' };

test("every write is synced, and the store's path is quoted", () => {
  const text = natsServerConfig(config);
  expect(text).toContain("sync_interval: always");
  expect(text).toContain(String.raw`store_dir: "/var/lib/a \"b\" \\c"`);
});

test("a site makes replicas go to different sites", () => {
  expect(natsServerConfig({ ...config, site: "site-a" })).toMatch(
    /server_tags: \["site:site-a"\][\s\S]*unique_tag: "site:"/,
  );
});

test("a member of a cluster names itself and the others", () => {
  const cluster = { name: "releve", port: 6222, routes: ["127.0.1.2:6222", "127.0.1.3:6222"] };
  expect(natsServerConfig({ ...config, host: "127.0.1.1", cluster })).toMatch(
    /listen: "127.0.1.1:6222"[\s\S]*routes: \["nats:\/\/127.0.1.2:6222", "nats:\/\/127.0.1.3:6222"\]/,
  );
});

const tls = { certFile: "/k/cert.pem", keyFile: "/k/key.pem", caFile: "/k/ca.pem" };

test("a silent route is given up within 8 s, not by TCP's doubling pauses", () => {
  const cluster = { name: "releve", port: 6222, routes: ["127.0.1.2:6222"] };
  expect(natsServerConfig({ ...config, cluster })).toMatch(
    /cluster \{[^}]*ping_interval: "2s"\n\s*ping_max: 3\n/,
  );
});

test("with certificates nobody gets in by anything else, and an empty right is no right", () => {
  const users = [{ user: "releve://site-a/node/a1", publish: ["ledger.job.*"], subscribe: [] }];
  const account = { name: "NODES", jetStream: false, users, exports: [], imports: [] };
  const text = natsServerConfig({
    ...config,
    cluster: { name: "releve", port: 6222, routes: [] },
    leaves: { port: 7422, users: [] },
    security: { tls, accounts: [account], routeUser: "releve://ledger/route" },
  });
  expect(text.match(/verify_and_map: true/g)).toHaveLength(3);
  expect(text).toContain('authorization { user: "releve://ledger/route" }');
  expect(text).toContain(
    '{ user: "releve://site-a/node/a1", permissions: { publish: { allow: ["ledger.job.*"] }, subscribe: { deny: [">"] } } }',
  );
});

test("an autonomous site's server keeps its ledger to itself", () => {
  const trunk = { servers: ["10.0.0.4:7422"], account: "LEDGER", own: ["ledger.>"] };
  const text = natsServerConfig({
    ...config,
    domain: "site-x",
    trunk,
    security: { tls, accounts: [], routeUser: "r" },
  });
  expect(text).toMatch(/jetstream \{[^}]*domain: "site-x"/);
  expect(text).toContain('urls: ["tls://10.0.0.4:7422"]');
  expect(text).toContain('deny_exports: ["ledger.>"]');
});

test("a line break in a path cannot add a setting", () => {
  expect(() => natsServerConfig({ ...config, storeDirectory: "x\nauthorization {}" })).toThrow(RangeError);
});
