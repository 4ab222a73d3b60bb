/** The User Information item of an association, PS3.7 annex D.3.3 and PS3.8 annex D.1, and the item framing it shares with the rest. */
import { protocolFault } from "./faults.ts";
import type { RoleSelection, UserInformation } from "./pdu.ts";

/** An item or sub-item: type, a reserved byte, a 16-bit big-endian length, the value. */
export function item(type: number, ...value: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(4);
  header[0] = type;
  const length = value.reduce((sum, part) => sum + part.length, 0);
  if (length > 0xffff) throw new RangeError("an item of a PDU holds at most 65535 bytes");
  header.writeUInt16BE(length, 2);
  return Buffer.concat([header, ...value]);
}

export type Item = { readonly type: number; readonly value: Buffer };

/** @throws DimseFault when the lengths of the items do not add up to the length of what holds them. */
export function readItems(bytes: Buffer): Item[] {
  const items: Item[] = [];
  for (let offset = 0; offset < bytes.length;) {
    if (offset + 4 > bytes.length) throw invalid("an item is cut off");
    const end = offset + 4 + bytes.readUInt16BE(offset + 2);
    if (end > bytes.length) throw invalid("an item is longer than what holds it");
    items.push({ type: bytes[offset]!, value: bytes.subarray(offset + 4, end) });
    offset = end;
  }
  return items;
}

/** Text as received, without the padding that some peers add although PS3.8 has none. */
export function itemText(value: Buffer): string {
  return value.toString("latin1").replace(/[\0 ]+$/, "");
}

export function encodeUserInformation(user: UserInformation): Buffer {
  const parts = [item(0x51, uint32(user.maxPduBytes))];
  parts.push(item(0x52, Buffer.from(user.implementationClassUid, "latin1")));
  if (user.asyncOperations) {
    parts.push(item(0x53, uint16(user.asyncOperations.invoked), uint16(user.asyncOperations.performed)));
  }
  parts.push(...user.roles.map(encodeRole));
  if (user.implementationVersionName !== undefined) {
    parts.push(item(0x55, Buffer.from(user.implementationVersionName, "latin1")));
  }
  return item(0x50, ...parts);
}

/** Sub-items of other types (extended negotiation, user identity, later inventions) are skipped, as PS3.8 asks. */
export function decodeUserInformation(value: Buffer): UserInformation {
  const items = readItems(value);
  const find = (type: number) => items.find((candidate) => candidate.type === type)?.value;
  const maxLength = find(0x51);
  const window = find(0x53);
  const version = find(0x55);
  if (maxLength && maxLength.length !== 4) throw invalid("Maximum Length is not four bytes");
  if (window && window.length !== 4) throw invalid("Asynchronous Operations Window is not four bytes");
  return {
    maxPduBytes: maxLength?.readUInt32BE(0) ?? 0,
    implementationClassUid: itemText(find(0x52) ?? Buffer.alloc(0)),
    ...(version && { implementationVersionName: itemText(version) }),
    ...(window && {
      asyncOperations: { invoked: window.readUInt16BE(0), performed: window.readUInt16BE(2) },
    }),
    roles: items
      .filter((candidate) => candidate.type === 0x54)
      .map((candidate) => decodeRole(candidate.value)),
  };
}

function encodeRole(role: RoleSelection): Buffer {
  const uid = Buffer.from(role.sopClassUid, "latin1");
  return item(0x54, uint16(uid.length), uid, Buffer.from([role.scu ? 1 : 0, role.scp ? 1 : 0]));
}

function decodeRole(value: Buffer): RoleSelection {
  const uidBytes = value.length >= 4 ? value.readUInt16BE(0) : -1;
  if (value.length !== uidBytes + 4) throw invalid("SCP/SCU Role Selection has a wrong length");
  const sopClassUid = itemText(value.subarray(2, 2 + uidBytes));
  return { sopClassUid, scu: value[2 + uidBytes] === 1, scp: value[3 + uidBytes] === 1 };
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function invalid(message: string): Error {
  return protocolFault("invalid-pdu-parameter-value", message);
}
