import { afterEach, expect, test } from "vitest";
import { contextsFor } from "./contexts-for.ts";
import { ctStorage, explicitLittleEndian, gathered, listen, until } from "./loopback.fixture.ts";
import { sendObjects, type ObjectToSend } from "./send-objects.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function started(change: Parameters<typeof listen>[0] = {}) {
  const listener = await listen(change);
  closing.push(listener.close);
  return listener;
}

function object(number: number, more: Partial<ObjectToSend> = {}): ObjectToSend {
  return {
    sopClassUid: ctStorage,
    sopInstanceUid: `2.25.${number}`,
    transferSyntaxUid: explicitLittleEndian,
    open: () => Buffer.from(`data set ${number}`),
    ...more,
  };
}

test("300 objects of 150 classes in turn take three associations of 128 contexts and all arrive", async () => {
  const { target, kept, events } = await started();
  const objects = Array.from({ length: 300 }, (_, number) =>
    object(number, { sopClassUid: `${ctStorage}.${1 + (number % 150)}` }),
  );
  const outcomes = await sendObjects(target, objects);
  expect(outcomes.length).toBe(300);
  expect(outcomes.every((outcome) => outcome.kind === "answered" && outcome.status.status === 0)).toBe(true);
  expect(kept.map(({ request, bytes }) => [request.sopInstanceUid, bytes.toString()])).toEqual(
    objects.map((_, number) => [`2.25.${number}`, `data set ${number}`]),
  );
  await until(() => events.length === 3);
  expect(events.map((event) => event.kind)).toEqual(["released", "released", "released"]);
});

test("a refused, an unreadable and an unwanted object do not hold up the others", async () => {
  const missing = new Error("no such file");
  const { target } = await started({
    acceptContext: (abstractSyntax) =>
      abstractSyntax === ctStorage
        ? { transferSyntax: explicitLittleEndian }
        : { unsupported: "abstract-syntax" },
    store: async (request, dataSet) => (
      await gathered(dataSet),
      { status: request.sopInstanceUid === "2.25.2" ? 0xc000 : 0 }
    ),
  });
  async function* source() {
    yield object(1);
    yield object(2);
    yield object(3, { open: () => Promise.reject(missing) });
    yield object(4, { sopClassUid: "1.2.3" });
    yield object(5);
  }
  const counts: number[] = [];
  const outcomes = await sendObjects(target, source(), (_, doneCount) => counts.push(doneCount));
  expect(outcomes).toMatchObject([
    { sopInstanceUid: "2.25.1", kind: "answered", status: { status: 0 } },
    { sopInstanceUid: "2.25.2", kind: "answered", status: { status: 0xc000 } },
    { sopInstanceUid: "2.25.3", kind: "failed", cause: missing },
    { sopInstanceUid: "2.25.4", kind: "failed", cause: { code: "DIMSE_NO_CONTEXT" } },
    { sopInstanceUid: "2.25.5", kind: "answered", status: { status: 0 } },
  ]);
  expect(counts).toEqual([1, 2, 3, 4, 5]);
});

test("an object that breaks the association costs only itself", async () => {
  const { target } = await started({ limits: { maxObjectBytes: 1000, artimMs: 200 } });
  const huge = object(2, { open: () => Buffer.alloc(8_000_000) });
  const outcomes = await sendObjects(target, [object(1), huge, object(3)]);
  expect(outcomes).toMatchObject([
    { kind: "answered" },
    { kind: "failed", cause: { code: "DIMSE_ABORTED" } },
    { kind: "answered", status: { status: 0 } },
  ]);
});

test("a peer that breaks every association is given up after three", async () => {
  const { target, events } = await started({ limits: { maxObjectBytes: 1000, artimMs: 200 } });
  const huge = Array.from({ length: 6 }, (_, number) =>
    object(number, { open: () => Buffer.alloc(8_000_000) }),
  );
  const outcomes = await sendObjects(target, huge);
  expect(outcomes.every((outcome) => outcome.kind === "failed")).toBe(true);
  expect(outcomes.length).toBe(6);
  expect(events.filter((event) => event.kind === "ended").length).toBe(3);
});

test("a peer that rejects the association fails every object with its reason, asked once", async () => {
  const { target, events } = await started({
    admit: () => ({ rejected: "calling-ae-title-not-recognized" }),
  });
  const outcomes = await sendObjects(target, [object(1), object(2)]);
  expect(outcomes).toMatchObject([
    { kind: "failed", cause: { code: "DIMSE_REJECTED" } },
    { kind: "failed", cause: { code: "DIMSE_REJECTED" } },
  ]);
  expect(events.length).toBe(1);
});

test("no objects, no association", async () => {
  const { target, events } = await started();
  expect(await sendObjects(target, [])).toEqual([]);
  expect(events).toEqual([]);
});

test("contexts: one for each pair, 128 at most", () => {
  const pairs = [
    { sopClassUid: "1.1", transferSyntaxUid: "1.2" },
    { sopClassUid: "1.1", transferSyntaxUid: "1.2" },
    { sopClassUid: "1.1", transferSyntaxUid: "1.3" },
  ];
  expect(contextsFor(pairs)).toEqual([
    { abstractSyntax: "1.1", transferSyntaxes: ["1.2"] },
    { abstractSyntax: "1.1", transferSyntaxes: ["1.3"] },
  ]);
  const many = Array.from({ length: 200 }, (_, n) => ({ sopClassUid: `1.${n}`, transferSyntaxUid: "1.2" }));
  expect(contextsFor(many).length).toBe(128);
});
