import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryLog } from "@releve/ledger/memory-log";
import { catchUpReadModel } from "@releve/ledger/read-models/follow-read-model";
import { appendHospitalDays } from "@releve/ledger/read-models/hospital-days.fixture";
import { openReadModel } from "@releve/ledger/read-models/open-read-model";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { freePorts } from "../cluster/ports.ts";
import { writeRunFile } from "../start/run-file.ts";
import { withReadModel } from "./with-read-model.ts";

let data: string;
let file: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "releve-commands-"));
  file = join(data, "read-models", "releve.sqlite");
  const [port] = await freePorts(1);
  writeRunFile(data, {
    ledger: { servers: [`nats://127.0.0.1:${port}`], replicas: 1 },
    dimse: { host: "127.0.0.1", port: 1 },
  });
});
afterEach(() => rm(data, { recursive: true }));

async function filled(): Promise<number> {
  const log = memoryLog();
  await appendHospitalDays(log, 50);
  const model = openReadModel({ file });
  await catchUpReadModel(log, model);
  const { commits } = model.checkpoint();
  model.close();
  return commits;
}

test("when the ledger does not answer, what was known of it is shown, and it is said", async () => {
  const commits = await filled();
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(await withReadModel({ data }, (model) => model.checkpoint().commits)).toBe(commits);
  expect(String(said.mock.calls[0]![0])).toContain("what was known of it before");
  said.mockRestore();
});

test("when nothing was known of it, its fault is", async () => {
  await expect(withReadModel({ data }, () => 0)).rejects.toMatchObject({ code: "LEDGER_UNREACHABLE" });
});

test("another process's file is looked into while it is open, without the ledger; no file is made", async () => {
  const commits = await filled();
  const owner = openReadModel({ file });
  const seen = await withReadModel({ data, model: file }, (model) => [
    model.checkpoint().commits,
    model.ask(({ views }) => views("job").length) > 0,
  ]);
  expect(seen).toEqual([commits, true]);
  owner.close();
  const missing = join(data, "none.sqlite");
  const looking = withReadModel({ data, model: missing }, () => 0);
  await expect(looking).rejects.toMatchObject({ code: "LEDGER_READ_MODEL_FAILED" });
});
