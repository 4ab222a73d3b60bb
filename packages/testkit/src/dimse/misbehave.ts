/** Ways in which a peer breaks the protocol, on purpose. Each returns what the listener did about it. */
import { rawConnect, type RawConnection, type RawOutcome } from "./raw-connection.ts";
import { rawAssociateRequest, rawData, rawPdu, rawStoreCommand } from "./raw-pdu.ts";
import { associate, outcomeOf, type RawTarget } from "./raw-sender.ts";

const object = {
  sopClassUid: "1.2.840.10008.5.1.4.1.1.7",
  sopInstanceUid: "2.25.1",
  transferSyntaxUid: "1.2.840.10008.1.2",
};
const command = rawData(1, 3, rawStoreCommand(object.sopClassUid, object.sopInstanceUid));
/** A P-DATA-TF of 1000 bytes by its header, of which 12 come. */
const halfData = rawData(1, 0, Buffer.alloc(994)).subarray(0, 18);

type Act = (connection: RawConnection) => void;

/** What is sent before any association. */
const beforeAssociation = {
  "says-nothing": () => {},
  "garbage-first": (connection) => connection.send(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n")),
  "data-before-associate": (connection) => connection.send(command),
  "half-an-associate": (connection) => {
    const whole = rawAssociateRequest({
      callingAeTitle: "RAW",
      calledAeTitle: "ANY",
      abstractSyntax: object.sopClassUid,
      transferSyntaxUid: object.transferSyntaxUid,
    });
    connection.send(whole.subarray(0, 40));
  },
  "lying-associate-length": (connection) => connection.send(rawPdu(1, Buffer.alloc(200), 0xffff_fff0)),
} as const satisfies Record<string, Act>;

/** What is sent once the association stands. */
const afterAssociation = {
  "never-releases": () => {},
  "half-a-pdu": (connection) => {
    connection.send(command);
    connection.send(halfData);
  },
  "half-an-object": (connection) => {
    connection.send(command);
    connection.send(rawData(1, 0, Buffer.alloc(100)));
  },
  "lying-data-length": (connection) => connection.send(rawPdu(4, Buffer.alloc(200), 0x7fff_ffff)),
  "lying-fragment-length": (connection) =>
    connection.send(rawPdu(4, Buffer.from([0, 0, 9, 9, 1, 3, 1, 2, 3, 4]))),
  "unknown-pdu": (connection) => connection.send(rawPdu(9, Buffer.alloc(4))),
  "second-associate": (connection) =>
    connection.send(
      rawAssociateRequest({ ...object, callingAeTitle: "RAW", calledAeTitle: "ANY", abstractSyntax: "1.2" }),
    ),
  "wrong-context": (connection) => connection.send(rawData(99, 3, Buffer.alloc(8))),
  "data-without-command": (connection) => connection.send(rawData(1, 2, Buffer.alloc(8))),
  "garbage-command": (connection) => connection.send(rawData(1, 3, Buffer.alloc(40, 0x5a))),
  "endless-command": (connection) => {
    for (let sent = 0; sent < 40; sent += 1) connection.send(rawData(1, 1, Buffer.alloc(1000)));
  },
  "abort-mid-object": (connection) => {
    connection.send(command);
    connection.send(rawData(1, 0, Buffer.alloc(100)));
    connection.send(rawPdu(7, Buffer.alloc(4)));
  },
  "vanish-mid-object": (connection) => {
    connection.send(command);
    connection.send(halfData);
    connection.destroy();
  },
} as const satisfies Record<string, Act>;

export type Misbehaviour = keyof typeof beforeAssociation | keyof typeof afterAssociation;

export const misbehaviours = [
  ...Object.keys(beforeAssociation),
  ...Object.keys(afterAssociation),
] as readonly Misbehaviour[];

/** Never closes by itself before the outcome is known. */
export async function misbehave(target: RawTarget, how: Misbehaviour): Promise<RawOutcome> {
  const connection = await rawConnect(target.host, target.port);
  try {
    if (how in beforeAssociation) {
      beforeAssociation[how as keyof typeof beforeAssociation](connection);
    } else {
      const refused = await associate(connection, target, object);
      if (refused) return refused;
      afterAssociation[how as keyof typeof afterAssociation](connection);
    }
    return outcomeOf(await connection.receive(target.withinMs));
  } finally {
    connection.destroy();
  }
}
