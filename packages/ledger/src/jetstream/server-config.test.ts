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

test("a line break in a path cannot add a setting", () => {
  expect(() => natsServerConfig({ ...config, storeDirectory: "x\nauthorization {}" })).toThrow(RangeError);
});
