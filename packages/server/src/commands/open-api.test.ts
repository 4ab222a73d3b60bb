import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApi } from "@releve/api/start-api";
import { digestOf, studyIdOf } from "@releve/domain/ids";
import { memoryLog } from "@releve/ledger/memory-log";
import { openReadModel } from "@releve/ledger/read-models/open-read-model";
import { expect, onTestFinished, test } from "vitest";
import { ensureIdentities } from "../identities/ensure-identities.ts";
import { identityUri, operatorIdentity, type Identity } from "../identities/identity.ts";
import { writeRunFile } from "../start/run-file.ts";
import { askApi } from "./open-api.ts";

const address = "127.0.0.1";
const api: Identity = { kind: "api", site: "site-a", name: "api" };

test("over mutual TLS the operator's certificate may ask, another one may nothing", async () => {
  const data = await mkdtemp(join(tmpdir(), "releve-open-api-"));
  onTestFinished(() => rm(data, { recursive: true }));
  const wanted = [api, operatorIdentity].map((identity) => ({ ...identity, addresses: [address] }));
  const [own, operator] = await ensureIdentities(join(data, "identities"), wanted, Date.now());
  const model = openReadModel();
  const { certFile, keyFile, caFile } = own!;
  const log = memoryLog();
  const running = await startApi({
    host: address,
    port: 0,
    https: {
      cert: readFileSync(certFile),
      key: readFileSync(keyFile),
      ca: readFileSync(caFile),
      requestCert: true,
      rejectUnauthorized: true,
    },
    consoleDir: data,
    operatorUri: identityUri(operatorIdentity),
    place: { site: "site-a", address, otherSites: [] },
    model,
    log: () => log,
    health: () => ({ silentSinceMs: 1, members: [], last: undefined, bytes: 0 }),
    drill: () => undefined,
    readObject: async () => new Uint8Array(),
    nodes: () => [],
  });
  onTestFinished(async () => {
    await running.close();
    model.close();
  });
  const askWith = (tls: typeof operator) => {
    const ledger = { servers: [], replicas: 1, ...(tls && { tls }) };
    writeRunFile(data, { ledger, dimse: { host: address, port: 1 }, console: running.url });
    return askApi(data, undefined, (asked) =>
      asked.requests.make.mutate({
        study: studyIdOf("1.2.3"),
        application: "mpr",
        plans: [digestOf("plan")],
        parameters: {},
      }),
    );
  };
  expect(running.url).toMatch(/^https:/);
  expect(await askWith(operator)).toMatchObject({ refused: "STUDY_UNKNOWN" });
  await expect(askWith(own)).rejects.toMatchObject({
    code: "API_FAILED",
    message: expect.stringContaining("operator's certificate"),
  });
  await expect(askWith(undefined)).rejects.toMatchObject({ code: "API_FAILED" });
});
