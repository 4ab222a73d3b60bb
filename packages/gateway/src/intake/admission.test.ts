import { expect, test } from "vitest";
import { admissionBy, loopbackPeers } from "./admission.ts";

const admit = admissionBy([
  { aeTitle: "CT1", addresses: ["10.1.2.3"] },
  { aeTitle: "*", addresses: ["10.2.0.0/16", "fd00::/8"] },
]);

test.each([
  ["CT1", "10.1.2.3", undefined],
  ["CT1 ", "::ffff:10.1.2.3", undefined],
  ["CT2", "10.1.2.3", "CALLING_AE_NOT_LISTED"],
  ["CT1", "10.1.2.4", "ADDRESS_NOT_LISTED"],
  ["ANY", "10.2.200.1", undefined],
  ["ANY", "fd00::7", undefined],
  ["ANY", "10.3.0.1", "ADDRESS_NOT_LISTED"],
  ["ANY", "not an address", "ADDRESS_NOT_LISTED"],
])("%s from %s: %s", (callingAeTitle, address, refused) => {
  expect(admit({ callingAeTitle, address })?.refused).toBe(refused);
});

test("the default list is this machine", () => {
  const local = admissionBy(loopbackPeers);
  expect(local({ callingAeTitle: "X", address: "127.0.0.1" })).toBeUndefined();
  expect(local({ callingAeTitle: "X", address: "::1" })).toBeUndefined();
  expect(local({ callingAeTitle: "X", address: "192.0.2.1" })?.refused).toBe("ADDRESS_NOT_LISTED");
});

test("a list with a mistake does not start", () => {
  expect(() => admissionBy([{ aeTitle: "*", addresses: ["pacs.example"] }])).toThrow(RangeError);
});
