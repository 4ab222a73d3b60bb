import { createHash, randomBytes } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { ctStorage, explicitLittleEndian, gathered, listen, targetOf, until } from "./loopback.fixture.ts";
import { openAssociation, verificationContext } from "./scu.ts";
import type { Association } from "./association.ts";

const contexts = [
  verificationContext,
  { abstractSyntax: ctStorage, transferSyntaxes: [explicitLittleEndian] },
];
const object = { sopClassUid: ctStorage, sopInstanceUid: "2.25.1", transferSyntaxUid: explicitLittleEndian };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function started(change: Parameters<typeof listen>[0] = {}) {
  const listener = await listen(change);
  closing.push(listener.close);
  const open = (more: object = {}): Promise<Association> =>
    openAssociation({ ...listener.target, contexts, ...more });
  return { ...listener, open };
}

test("C-ECHO is answered", async () => {
  const { open } = await started();
  const association = await open();
  expect(await association.echo()).toEqual({ status: 0 });
  await association.release();
  expect(association.isOpen).toBe(false);
});

test.each([0, 1, 2, 65530, 65531, 1_000_001])(
  "a data set of %i bytes arrives as it was sent",
  async (size) => {
    const { open, kept } = await started();
    const association = await open();
    const dataSet = randomBytes(size);
    expect(await association.store({ ...object, dataSet })).toEqual({ status: 0 });
    await association.release();
    expect(kept[0]!.bytes.equals(dataSet)).toBe(true);
    expect(kept[0]!.request).toEqual({
      ...object,
      callingAeTitle: "TEST",
      calledAeTitle: "RELEVE",
      address: "127.0.0.1",
    });
  },
);

test("a data set in chunks of any size arrives as one", async () => {
  const { open, kept } = await started({ limits: { maxPduBytes: 1000 } });
  const association = await open();
  const chunks = [0, 1, 993, 994, 995, 3000, 7].map((size) => randomBytes(size));
  async function* source() {
    yield* chunks;
  }
  await association.store({ ...object, dataSet: source() });
  await association.release();
  expect(kept[0]!.bytes.equals(Buffer.concat(chunks))).toBe(true);
});

test("status, error comment and offending element come back", async () => {
  const answer = { status: 0xc001, errorComment: "other pixels", offendingElement: 0x00080018 };
  const { open } = await started({ store: async (_, dataSet) => (await gathered(dataSet), answer) });
  const association = await open();
  expect(await association.store({ ...object, dataSet: randomBytes(10) })).toEqual(answer);
  expect(await association.store({ ...object, dataSet: randomBytes(10) })).toEqual(answer);
  await association.release();
});

test("a handler may refuse without reading: the object is drained and the next one comes through", async () => {
  let count = 0;
  const { open } = await started({
    store: async (_, dataSet) => {
      count += 1;
      return count === 1
        ? { status: 0xa700 }
        : { status: (await gathered(dataSet)).length === 5 ? 0 : 0xc000 };
    },
  });
  const association = await open();
  expect((await association.store({ ...object, dataSet: randomBytes(3_000_000) })).status).toBe(0xa700);
  expect((await association.store({ ...object, dataSet: randomBytes(5) })).status).toBe(0);
  await association.release();
});

test("a handler that throws is answered 0110H and reported; one that says success unread too", async () => {
  const fault = new Error("the disk is gone");
  const { open, events } = await started({
    store: async (request) => {
      if (request.sopInstanceUid === "2.25.1") throw fault;
      return { status: 0 };
    },
  });
  const association = await open();
  expect((await association.store({ ...object, dataSet: randomBytes(100) })).status).toBe(0x0110);
  const second = { ...object, sopInstanceUid: "2.25.2", dataSet: randomBytes(100) };
  expect((await association.store(second)).status).toBe(0x0110);
  await association.release();
  expect(events.filter((event) => event.kind === "store-failed").length).toBe(2);
  expect(events[0]).toMatchObject({ kind: "store-failed", cause: fault });
});

test("an object above the limit makes the handler's read throw and is answered A700", async () => {
  const seen = vi.fn<(fault: unknown) => void>();
  const { open } = await started({
    limits: { maxObjectBytes: 100_000 },
    store: async (_, dataSet) => {
      try {
        await gathered(dataSet);
      } catch (fault) {
        seen(fault);
      }
      return { status: 0 };
    },
  });
  const association = await open();
  const status = await association.store({ ...object, dataSet: randomBytes(150_000) });
  expect(status).toEqual({ status: 0xa700, errorComment: "object larger than the limit" });
  expect(seen.mock.calls[0]![0]).toMatchObject({ code: "DIMSE_OBJECT_TOO_LARGE" });
  expect((await association.store({ ...object, dataSet: randomBytes(100_000) })).status).toBe(0);
  await association.release();
});

test("an object far above the limit is not drained for ever: the association is aborted", async () => {
  const { open, kept } = await started({ limits: { maxObjectBytes: 100_000 } });
  const association = await open();
  await expect(association.store({ ...object, dataSet: endless() })).rejects.toMatchObject({
    code: "DIMSE_ABORTED",
  });
  expect(association.isOpen).toBe(false);
  expect(kept).toEqual([]);
});

test("the caller's list decides, with the reason on the wire", async () => {
  const { open, events } = await started({
    admit: (caller) => {
      if (caller.calledAeTitle !== "RELEVE") return { rejected: "called-ae-title-not-recognized" };
      return caller.callingAeTitle === "TEST" ? "admitted" : { rejected: "calling-ae-title-not-recognized" };
    },
  });
  await expect(open({ calledAeTitle: "OTHER" })).rejects.toMatchObject({
    code: "DIMSE_REJECTED",
    retry: "never",
    message: "association rejected: called-ae-title-not-recognized (permanent)",
  });
  await expect(open({ callingAeTitle: "STRANGER" })).rejects.toThrow("calling-ae-title-not-recognized");
  await (await open()).release();
  expect(events.map((event) => event.kind)).toEqual(["rejected", "rejected", "released"]);
});

test("associations above the limit are rejected as transient, and a released one makes room", async () => {
  const { open, events } = await started({ limits: { maxAssociations: 2 } });
  const [first, second] = await Promise.all([open(), open()]);
  await expect(open()).rejects.toMatchObject({
    code: "DIMSE_REJECTED",
    retry: "later",
    message: "association rejected: local-limit-exceeded (transient)",
  });
  await first.release();
  await until(() => events.some((event) => event.kind === "released"));
  await (await open()).release();
  await second.release();
});

test("an admission that fails rejects as congestion and is reported", async () => {
  const { open, events } = await started({ admit: () => Promise.reject(new Error("no list")) });
  await expect(open()).rejects.toThrow("temporary-congestion (transient)");
  expect(events[0]).toMatchObject({ kind: "admission-failed" });
});

test("an object without an accepted context is refused here, and the association goes on", async () => {
  const { open } = await started();
  const association = await open();
  const other = { ...object, transferSyntaxUid: "1.2.840.10008.1.2.4.80", dataSet: randomBytes(2) };
  await expect(association.store(other)).rejects.toMatchObject({ code: "DIMSE_NO_CONTEXT", retry: "never" });
  expect(association.accepts(ctStorage, explicitLittleEndian)).toBe(true);
  expect(await association.echo()).toEqual({ status: 0 });
  await association.release();
});

test("32 associations at once keep their objects apart", async () => {
  const { open, kept } = await started({ limits: { maxAssociations: 32 } });
  const sent = new Map<string, string>();
  const send = async (number: number) => {
    const association = await open();
    for (let turn = 0; turn < 4; turn += 1) {
      const dataSet = randomBytes(50_000 + number);
      const sopInstanceUid = `2.25.${number}.${turn}`;
      sent.set(sopInstanceUid, digest(dataSet));
      expect((await association.store({ ...object, sopInstanceUid, dataSet })).status).toBe(0);
    }
    await association.release();
  };
  await Promise.all(Array.from({ length: 32 }, (_, number) => send(number + 1)));
  expect(new Map(kept.map(({ request, bytes }) => [request.sopInstanceUid, digest(bytes)]))).toEqual(sent);
});

test("a source that fails in the middle aborts: half an object is never taken for a whole one", async () => {
  const { open, kept, events } = await started();
  const association = await open();
  const broken = new Error("the file ends too soon");
  async function* source() {
    yield randomBytes(100_000);
    throw broken;
  }
  await expect(association.store({ ...object, dataSet: source() })).rejects.toBe(broken);
  await until(() => events.length > 0);
  expect(events).toMatchObject([{ kind: "ended", cause: { code: "DIMSE_ABORTED" } }]);
  expect(kept).toEqual([]);
});

test("two requests at once on one association are a bug of the caller", async () => {
  const { open } = await started();
  const association = await open();
  const first = association.echo();
  await expect(association.echo()).rejects.toThrow("one request at a time");
  await first;
  await association.release();
  await expect(association.echo()).rejects.toThrow("released");
});

test("a port where nobody listens is unreachable", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await expect(openAssociation({ ...targetOf(port), contexts })).rejects.toMatchObject({
    code: "DIMSE_UNREACHABLE",
    retry: "later",
  });
});

test("a listener that never answers costs no more than responseMs", async () => {
  const server = createServer((socket) => socket.on("error", () => {}).resume());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const opening = openAssociation({ ...targetOf(port), responseMs: 50, contexts });
  await expect(opening).rejects.toMatchObject({ code: "DIMSE_TIMEOUT", retry: "later" });
});

test("closing lets a store that is under way finish, then aborts who stays", async () => {
  let finish: () => void = () => {};
  const held = new Promise<void>((resolve) => (finish = resolve));
  const { open, scp, events } = await started({
    limits: { artimMs: 200 },
    store: async (_, dataSet) => (await gathered(dataSet), await held, { status: 0 }),
  });
  const busy = await open();
  const idle = await open();
  const storing = busy.store({ ...object, dataSet: randomBytes(10) });
  const closed = scp.close(200);
  finish();
  expect((await storing).status).toBe(0);
  await busy.release();
  await closed;
  await expect(idle.echo()).rejects.toMatchObject({ code: "DIMSE_ABORTED" });
  expect(events).toMatchObject([{ kind: "released" }, { kind: "ended", cause: { code: "DIMSE_SHUT_DOWN" } }]);
  await expect(open()).rejects.toMatchObject({ code: "DIMSE_UNREACHABLE" });
});

test("a stall of our own main loop is not held against the peer", async () => {
  const { open } = await started({ limits: { idleMs: 60, artimMs: 60 } });
  const association = await open();
  const echoing = association.echo();
  await new Promise(setImmediate);
  // The request, or its answer, lies in the kernel while both ends' timers run out.
  const endMs = performance.now() + 150;
  while (performance.now() < endMs);
  expect(await echoing).toEqual({ status: 0 });
  await association.release();
});

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(50_000);
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
