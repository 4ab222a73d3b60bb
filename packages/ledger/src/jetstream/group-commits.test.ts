import type { PubAck } from "@nats-io/jetstream";
import { errors, type MsgHdrs, type NatsConnection } from "@nats-io/nats-core";
import { expect, test } from "vitest";
import { groupingPublisher, type Publisher } from "./group-commits.ts";

/** A server whose answers come when the test says so. */
function fakeServer() {
  const alone: { subject: string; answer: PromiseWithResolvers<PubAck> }[] = [];
  const staged: string[] = [];
  const batches: { subjects: string[]; answer: PromiseWithResolvers<unknown> }[] = [];
  const client: Publisher = {
    publish: (subject: string) => {
      const answer = Promise.withResolvers<PubAck>();
      alone.push({ subject, answer });
      return answer.promise;
    },
  };
  const connection = {
    publish: (subject: string) => void staged.push(subject),
    request: async (subject: string, _: Uint8Array, { headers }: { headers: MsgHdrs }) => {
      const answer = Promise.withResolvers<unknown>();
      const subjects = [...staged.splice(0), subject];
      expect(headers.get("Nats-Batch-Commit")).toBe("1");
      expect(headers.get("Nats-Batch-Sequence")).toBe(String(subjects.length));
      batches.push({ subjects, answer });
      const said = await answer.promise;
      return { json: () => said };
    },
  } as unknown as NatsConnection;
  const publisher = groupingPublisher(connection, client, 2);
  const publish = (subject: string) => publisher.publish(subject, new Uint8Array(), { msgID: subject });
  const ack = (seq: number): PubAck => ({ stream: "LEDGER", domain: "", seq, duplicate: false });
  return { alone, batches, publish, ack };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("who comes alone goes at once and alone; who comes meanwhile goes together, and learns its own place", async () => {
  const { alone, batches, publish, ack } = fakeServer();
  const first = [publish("a"), publish("b")];
  const later = ["c", "d", "e"].map(publish);
  expect(alone.map(({ subject }) => subject)).toEqual(["a", "b"]);
  expect(batches).toEqual([]);
  alone[0]!.answer.resolve(ack(1));
  await settled();
  expect(batches.map(({ subjects }) => subjects)).toEqual([["c", "d", "e"]]);
  batches[0]!.answer.resolve({ stream: "LEDGER", seq: 9, batch: "x", count: 3 });
  alone[1]!.answer.resolve(ack(2));
  const sequences = (await Promise.all([...first, ...later])).map(({ seq }) => seq);
  expect(sequences).toEqual([1, 2, 7, 8, 9]);
});

test("after a refused batch each goes alone and gets its own answer", async () => {
  const { alone, batches, publish, ack } = fakeServer();
  const busy = [publish("a"), publish("b")];
  const [c, d] = [publish("c"), publish("d")];
  alone[0]!.answer.resolve(ack(1));
  await settled();
  batches[0]!.answer.resolve({ stream: "LEDGER", seq: 0, error: { err_code: 10071 } });
  await settled();
  expect(alone.map(({ subject }) => subject)).toEqual(["a", "b", "c", "d"]);
  alone[2]!.answer.reject(new Error("wrong last sequence"));
  alone[3]!.answer.resolve(ack(3));
  await expect(c).rejects.toThrow("wrong last sequence");
  expect((await d).seq).toBe(3);
  alone[1]!.answer.resolve(ack(2));
  await Promise.all(busy);
});

test("a batch without an answer is a time-out for each of it, and the next ones still go", async () => {
  const { alone, batches, publish, ack } = fakeServer();
  void publish("a");
  void publish("b");
  const lost = [publish("c"), publish("d")];
  alone[0]!.answer.resolve(ack(1));
  await settled();
  batches[0]!.answer.reject(new errors.TimeoutError());
  for (const one of lost) await expect(one).rejects.toThrow(errors.TimeoutError);
  const next = publish("e");
  alone.at(-1)!.answer.resolve(ack(2));
  expect((await next).seq).toBe(2);
});

test("two of one subject never go in one batch", async () => {
  const { alone, batches, publish, ack } = fakeServer();
  for (const subject of ["a", "b", "c", "d", "c"]) void publish(subject);
  alone[0]!.answer.resolve(ack(1));
  await settled();
  expect(batches.map(({ subjects }) => subjects)).toEqual([["c", "d"]]);
  expect(alone.map(({ subject }) => subject)).toEqual(["a", "b", "c"]);
});
