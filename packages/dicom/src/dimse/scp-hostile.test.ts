import { afterAll, beforeAll, expect, test } from "vitest";
import { misbehave, misbehaviours, type Misbehaviour } from "@releve/testkit/dimse/misbehave";
import type { RawOutcome } from "@releve/testkit/dimse/raw-connection";
import { sendRawObject, type RawTarget } from "@releve/testkit/dimse/raw-sender";
import { listen, until } from "./loopback.fixture.ts";
import { openAssociation, verificationContext } from "./scu.ts";

let listener: Awaited<ReturnType<typeof listen>>;
let target: RawTarget;
beforeAll(async () => {
  listener = await listen({ limits: { maxAssociations: 4, artimMs: 150, idleMs: 250 } });
  const { port } = listener.scp;
  target = { host: "127.0.0.1", port, callingAeTitle: "RAW", calledAeTitle: "RELEVE", withinMs: 5000 };
});
afterAll(() => listener.close());

const closed: RawOutcome = { kind: "closed" };
const userAbort: RawOutcome = { kind: "aborted", source: 0, reason: 0 };
const providerAbort = (reason: number): RawOutcome => ({ kind: "aborted", source: 2, reason });

/**
 * PS3.8 table 9-10. Before an association: AA-1 aborts as the user, ARTIM's end only closes (AA-2). In one: AA-8 aborts as
 * the provider with its reason (1 unrecognized PDU, 2 unexpected PDU, 5 unexpected parameter, 6 invalid parameter value).
 */
const expected: Record<Misbehaviour, RawOutcome> = {
  "says-nothing": closed,
  "garbage-first": userAbort,
  "data-before-associate": userAbort,
  "half-an-associate": closed,
  "lying-associate-length": userAbort,
  "never-releases": userAbort,
  "half-a-pdu": userAbort,
  "half-an-object": userAbort,
  "lying-data-length": providerAbort(6),
  "lying-fragment-length": providerAbort(6),
  "unknown-pdu": providerAbort(1),
  "second-associate": providerAbort(2),
  "wrong-context": providerAbort(6),
  "data-without-command": providerAbort(5),
  "garbage-command": providerAbort(0),
  "endless-command": providerAbort(0),
  "abort-mid-object": closed,
  "vanish-mid-object": closed,
};

test.each(misbehaviours)("a peer that does this is got rid of: %s", async (how) => {
  expect(await misbehave(target, how)).toEqual(expected[how]);
});

test("all of them at once, many times over, leave no association behind and keep nothing", async () => {
  const all = Array.from({ length: 3 }, () => misbehaviours).flat();
  await Promise.allSettled(all.map((how) => misbehave(target, how)));
  await until(() => listener.events.length > 0);
  const contexts = [verificationContext];
  for (let turn = 0; turn < 4; turn += 1) {
    const association = await untilAdmitted(() => openAssociation({ ...listener.target, contexts }));
    expect(await association.echo()).toEqual({ status: 0 });
    await association.release();
  }
  expect(listener.kept).toEqual([]);
});

const object = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.7",
  sopInstanceUid: "2.25.7",
  transferSyntaxUid: "1.2.840.10008.1.2.1",
};

test.each([0, 1, 7, 8192, 8193])("a data set of %i arbitrary bytes reaches the handler", async (size) => {
  const dataSet = Buffer.alloc(size, 0xa5);
  expect(await sendRawObject(target, { ...object, dataSet })).toEqual({ kind: "status", status: 0 });
  expect(listener.kept.at(-1)!.bytes.equals(dataSet)).toBe(true);
});

test.each(["../../etc/passwd", "1.2;rm", "<script>", "2.25.é"])(
  "the SOP Instance UID %s is refused",
  async (uid) => {
    const before = listener.kept.length;
    const outcome = await sendRawObject(target, {
      ...object,
      sopInstanceUid: uid,
      dataSet: Buffer.alloc(20),
    });
    expect(outcome).toEqual({ kind: "status", status: 0x0117 });
    expect(listener.kept.length).toBe(before);
  },
);

test("an unknown abstract syntax is refused in the negotiation", async () => {
  const outcome = await sendRawObject(target, {
    ...object,
    sopClassUid: "1.2.840.10008.5.1.4.31",
    dataSet: Buffer.alloc(2),
  });
  expect(outcome).toEqual({ kind: "context-refused", result: 3 });
});

async function untilAdmitted<T>(open: () => Promise<T>): Promise<T> {
  for (let turn = 0; ; turn += 1) {
    try {
      return await open();
    } catch (fault) {
      if (turn === 100) throw fault;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
