import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { ctStorage, explicitLittleEndian, listen } from "./loopback.fixture.ts";
import { openAssociation } from "./scu.ts";

const mebibyte = 1 << 20;
const objectMebibytes = 160;
/** Kernel buffers on both ends of loopback (up to 6 + 4 MiB by Linux's defaults) and ours of 64 KiB, with room. */
const inFlightBytes = 24 * mebibyte;
/** Chunks that wait for the collector come on top of what is in flight. Without backpressure it would be the object. */
const memoryBytes = 80 * mebibyte;

const contexts = [{ abstractSyntax: ctStorage, transferSyntaxes: [explicitLittleEndian] }];
const object = { sopClassUid: ctStorage, sopInstanceUid: "2.25.1", transferSyntaxUid: explicitLittleEndian };

function bufferedBytes(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

/** Resolves when `value` has stayed the same for 20 turns of 10 ms. */
async function standsStill(value: () => number): Promise<number> {
  let last = value();
  for (let same = 0; same < 20; same += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    if (value() !== last) same = 0;
    last = value();
  }
  return last;
}

test("a sink that stops reading stops the sender, and nothing of the object piles up", async () => {
  let openGate: () => void = () => {};
  const gate = new Promise<void>((resolve) => (openGate = resolve));
  const received = createHash("sha256");
  const listener = await listen({
    limits: { maxObjectBytes: 200 * mebibyte, maxPduBytes: 131072 },
    store: async (_, dataSet) => {
      for await (const slice of dataSet) {
        received.update(slice);
        await gate;
      }
      return { status: 0 };
    },
  });
  const association = await openAssociation({ ...listener.target, contexts });
  const sent = createHash("sha256");
  let sentBytes = 0;
  async function* source() {
    for (let index = 0; index < objectMebibytes; index += 1) {
      const chunk = Buffer.alloc(mebibyte, index);
      sent.update(chunk);
      sentBytes += chunk.length;
      yield chunk;
    }
  }
  const before = bufferedBytes();
  const storing = association.store({ ...object, dataSet: source() });
  expect(await standsStill(() => sentBytes)).toBeLessThan(inFlightBytes);
  expect(bufferedBytes() - before).toBeLessThan(memoryBytes);
  openGate();
  expect((await storing).status).toBe(0);
  await association.release();
  expect(sentBytes).toBe(objectMebibytes * mebibyte);
  expect(received.digest("hex")).toBe(sent.digest("hex"));
  await listener.close();
});

test("a slow sink bounds the memory of the whole transfer", async () => {
  let most = 0;
  let slices = 0;
  let bytes = 0;
  const before = bufferedBytes();
  const listener = await listen({
    limits: { maxObjectBytes: 200 * mebibyte, maxPduBytes: 131072 },
    store: async (_, dataSet) => {
      for await (const slice of dataSet) {
        bytes += slice.length;
        slices += 1;
        if (slices % 8 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        most = Math.max(most, bufferedBytes() - before);
      }
      return { status: 0 };
    },
  });
  const association = await openAssociation({ ...listener.target, contexts });
  async function* source() {
    for (let index = 0; index < objectMebibytes; index += 1) yield Buffer.alloc(mebibyte, index);
  }
  expect((await association.store({ ...object, dataSet: source() })).status).toBe(0);
  await association.release();
  expect(bytes).toBe(objectMebibytes * mebibyte);
  expect(most).toBeLessThan(memoryBytes);
  await listener.close();
});

test("a peer that stops reading in the middle of an object is given up after responseMs", async () => {
  const listener = await listen({
    limits: { maxObjectBytes: 200 * mebibyte, artimMs: 100 },
    store: (_, dataSet) =>
      new Promise((_resolve, reject) => {
        dataSet[Symbol.asyncIterator]().next().catch(reject);
      }),
  });
  const association = await openAssociation({ ...listener.target, responseMs: 100, contexts });
  async function* source() {
    for (let index = 0; index < objectMebibytes; index += 1) yield Buffer.alloc(mebibyte);
  }
  await expect(association.store({ ...object, dataSet: source() })).rejects.toMatchObject({
    code: "DIMSE_TIMEOUT",
  });
  await listener.close();
});
