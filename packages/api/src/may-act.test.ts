import { TLSSocket } from "node:tls";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { mayAct } from "./may-act.ts";

test.each([
  ["127.0.0.1", true],
  ["::1", true],
  ["::ffff:127.0.1.2", true],
  ["10.77.1.2", false],
  ["::ffff:10.0.0.1", false],
  ["2001:db8::1", false],
])("from %s without a certificate: %s", (remoteAddress, expected) => {
  expect(mayAct({ remoteAddress })).toBe(expected);
});

test("a connection that is gone may do nothing", () => {
  expect(mayAct({ remoteAddress: undefined })).toBe(false);
});

test("from elsewhere only a certificate that was checked counts", () => {
  const from = (authorized: boolean): TLSSocket => {
    const socket = new TLSSocket(new Socket());
    socket.authorized = authorized;
    return socket;
  };
  expect(mayAct(from(true))).toBe(true);
  expect(mayAct(from(false))).toBe(false);
});
