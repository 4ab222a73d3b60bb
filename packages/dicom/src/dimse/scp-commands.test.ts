import { afterAll, beforeAll, expect, test } from "vitest";
import { rawConnect } from "@releve/testkit/dimse/raw-connection";
import { rawData } from "@releve/testkit/dimse/raw-pdu";
import { associate, outcomeOf } from "@releve/testkit/dimse/raw-sender";
import { encodeCommandSet, type CommandSet } from "./command-set.ts";
import { ctStorage, explicitLittleEndian, listen } from "./loopback.fixture.ts";

let listener: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  listener = await listen({ limits: { artimMs: 200 } });
});
afterAll(() => listener.close());

const store = {
  AffectedSOPClassUID: ctStorage,
  CommandField: 0x0001,
  MessageID: 3,
  Priority: 0,
  CommandDataSetType: 0,
  AffectedSOPInstanceUID: "2.25.5",
} as const satisfies CommandSet;

/** Sends the command as it is, with a data set of two bytes where it announces one. */
async function answerTo(command: CommandSet, sopClassUid: string = ctStorage) {
  const { port } = listener.scp;
  const target = { host: "127.0.0.1", port, callingAeTitle: "RAW", calledAeTitle: "RELEVE", withinMs: 5000 };
  const connection = await rawConnect(target.host, port);
  try {
    expect(
      await associate(connection, target, { sopClassUid, transferSyntaxUid: explicitLittleEndian }),
    ).toBeUndefined();
    connection.send(rawData(1, 3, encodeCommandSet(command)));
    if (command.CommandDataSetType !== 0x0101) connection.send(rawData(1, 2, Buffer.from("ab")));
    return outcomeOf(await connection.receive(target.withinMs));
  } finally {
    connection.destroy();
  }
}

test.each<[string, CommandSet, number]>([
  ["C-FIND", { ...store, CommandField: 0x0020 }, 0x0211],
  ["C-GET", { ...store, CommandField: 0x0010 }, 0x0211],
  ["C-MOVE", { ...store, CommandField: 0x0021, MoveDestination: "X" }, 0x0211],
  ["N-ACTION", { ...store, CommandField: 0x0130 }, 0x0211],
  [
    "an invented command without a data set",
    { ...store, CommandField: 0x0777, CommandDataSetType: 0x0101 },
    0x0211,
  ],
  ["a C-STORE of another class than its context's", { ...store, AffectedSOPClassUID: "1.2.3" }, 0x0122],
  ["a C-STORE without a data set", { ...store, CommandDataSetType: 0x0101 }, 0xc000],
  ["a C-ECHO on a storage context", { ...store, CommandField: 0x0030, CommandDataSetType: 0x0101 }, 0x0000],
])("%s is answered", async (_, command, status) => {
  expect(await answerTo(command)).toMatchObject({ kind: "status", status });
});

test("a C-STORE that names no object is answered: missing attribute", async () => {
  const { AffectedSOPInstanceUID: _, ...nameless } = store;
  expect(await answerTo(nameless)).toEqual({ kind: "status", status: 0x0120 });
});

test("a C-STORE on the verification context is no operation there", async () => {
  expect(await answerTo(store, "1.2.840.10008.1.1")).toEqual({ kind: "status", status: 0x0211 });
});

test.each<[string, CommandSet]>([
  ["a response", { ...store, CommandField: 0x8001 }],
  ["no command field", { MessageID: 1, CommandDataSetType: 0x0101 }],
  ["no message id", { CommandField: 0x0030, CommandDataSetType: 0x0101 }],
])("%s where a request is due ends the association", async (_, command) => {
  expect(await answerTo(command)).toEqual({ kind: "aborted", source: 2, reason: 0 });
});

test("the origin of a C-MOVE is handed on", async () => {
  await answerTo({ ...store, MoveOriginatorApplicationEntityTitle: "ARCHIVE", MoveOriginatorMessageID: 9 });
  expect(listener.kept.at(-1)!.request.moveOriginator).toEqual({ aeTitle: "ARCHIVE", messageId: 9 });
});
