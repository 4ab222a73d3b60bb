import { Socket } from "node:net";
import { TLSSocket, type DetailedPeerCertificate } from "node:tls";
import { expect, test, vi } from "vitest";
import { mayAct } from "./may-act.ts";

const operator = "releve://system/operator/operator";

test.each([
  ["127.0.0.1", true],
  ["::1", true],
  ["::ffff:127.0.1.2", true],
  ["10.77.1.2", false],
  ["::ffff:10.0.0.1", false],
  ["2001:db8::1", false],
])("from %s without a certificate: %s", (remoteAddress, expected) => {
  expect(mayAct({ remoteAddress }, operator)).toBe(expected);
});

test("a connection that is gone may do nothing", () => {
  expect(mayAct({ remoteAddress: undefined }, operator)).toBe(false);
});

test.each([
  ["the operator's", true, `URI:${operator}`, true],
  ["the operator's among others", true, `DNS:localhost, URI:${operator}`, true],
  ["the operator's, of another authority", false, `URI:${operator}`, false],
  ["a node's", true, "URI:releve://site-a/node/a1", false],
  ["one that only looks like it", true, `URI:${operator}-of-nothing`, false],
])("with a certificate, %s: checked %s", (_, authorized, subjectaltname, expected) => {
  const socket = new TLSSocket(new Socket());
  socket.authorized = authorized;
  vi.spyOn(socket, "getPeerCertificate").mockReturnValue({ subjectaltname } as DetailedPeerCertificate);
  expect(mayAct(socket, operator)).toBe(expected);
});
