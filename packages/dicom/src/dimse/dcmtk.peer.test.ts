import { mkdtemp, mkdir, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePorts } from "@releve/testkit/free-ports";
import { sharedData } from "@releve/testkit/shared-data";
import {
  dataSetOf,
  dcmtk,
  makeObjects,
  sopClassUid,
  startDcmtk,
  stopped,
  type MadeObject,
} from "./dcmtk.fixture.ts";
import { listen, targetOf } from "./loopback.fixture.ts";
import { openAssociation, verificationContext } from "./scu.ts";
import { sendObjects } from "./send-objects.ts";

let folder: string;
let made: MadeObject[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "releve-dimse-"));
  made = await makeObjects(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("echoscu is answered, and told when its AE title is not on the list", async () => {
  const { scp, close } = await listen({
    admit: (caller) =>
      caller.callingAeTitle === "KNOWN" ? "admitted" : { rejected: "calling-ae-title-not-recognized" },
  });
  const port = String(scp.port);
  await dcmtk("echoscu", "-aet", "KNOWN", "-aec", "RELEVE", "127.0.0.1", port);
  await expect(dcmtk("echoscu", "-aet", "OTHER", "-aec", "RELEVE", "127.0.0.1", port)).rejects.toMatchObject({
    stderr: expect.stringContaining("Calling AE Title Not Recognized"),
  });
  await close();
});

test("what storescu sends arrives byte for byte, in every transfer syntax", async () => {
  const { scp, kept, close } = await listen();
  for (const { path, proposal } of made) {
    await dcmtk("storescu", proposal, "-aec", "RELEVE", "127.0.0.1", String(scp.port), path);
  }
  expect(kept.map(({ request }) => request.transferSyntaxUid)).toEqual(
    made.map(({ transferSyntaxUid }) => transferSyntaxUid),
  );
  for (const [index, { path }] of made.entries()) {
    expect(kept[index]!.bytes.equals(await dataSetOf(path))).toBe(true);
  }
  await close();
});

const head = sharedData("ct-head-1mm");
test.skipIf(!head)("a real CT series by storescu arrives byte for byte", async () => {
  const { scp, kept, close } = await listen();
  await dcmtk("storescu", "-nh", "-xe", "-aec", "RELEVE", "+sd", "127.0.0.1", String(scp.port), head!);
  const files = await readdir(head!);
  const sent = await Promise.all(
    files.filter((name) => name.startsWith("I")).map((name) => dataSetOf(join(head!, name))),
  );
  expect(kept.length).toBe(sent.length);
  const received = new Set(kept.map(({ bytes }) => bytes.toString("latin1")));
  expect(sent.every((bytes) => received.has(bytes.toString("latin1")))).toBe(true);
  await close();
});

test("what we send to storescp lies there byte for byte, in every transfer syntax", async () => {
  const [port] = (await freePorts(1)) as [number];
  const inbox = join(folder, "inbox");
  await mkdir(inbox);
  const storescp = startDcmtk("storescp", "+B", "+xa", "-uf", "-aet", "STORESCP", "-od", inbox, String(port));
  try {
    const target = { ...targetOf(port), calledAeTitle: "STORESCP" };
    await untilListening(target);
    for (const [index, { path, transferSyntaxUid }] of made.entries()) {
      const sopInstanceUid = `2.25.${1000 + index}`;
      const object = { sopClassUid, sopInstanceUid, transferSyntaxUid, open: () => dataSetOf(path) };
      expect(await sendObjects(target, [object])).toEqual([
        { sopInstanceUid, kind: "answered", status: { status: 0 } },
      ]);
    }
  } finally {
    await stopped(storescp);
  }
  const files = (await readdir(inbox)).map((name) => join(inbox, name));
  const arrived = new Set(
    await Promise.all(files.map(async (path) => (await dataSetOf(path)).toString("latin1"))),
  );
  const sent = new Set(
    await Promise.all(made.map(async ({ path }) => (await dataSetOf(path)).toString("latin1"))),
  );
  expect(arrived).toEqual(sent);
});

async function untilListening(target: ReturnType<typeof targetOf>): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    try {
      const association = await openAssociation({ ...target, contexts: [verificationContext] });
      await association.echo();
      return await association.release();
    } catch (fault) {
      if (turn === 100) throw fault;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
