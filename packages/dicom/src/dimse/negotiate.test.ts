import { expect, test } from "vitest";
import { acceptStorageContext } from "./accept-context.ts";
import { negotiate, rejectionOf } from "./negotiate.ts";
import type { AssociateRequest } from "./pdu.ts";

const ct = "1.2.840.10008.5.1.4.1.1.2";
const request: AssociateRequest = {
  kind: "associate-request",
  protocolVersion: 1,
  calledAeTitle: "RELEVE",
  callingAeTitle: "MODALITY",
  applicationContext: "1.2.840.10008.3.1.1.1",
  contexts: [
    { id: 1, abstractSyntax: ct, transferSyntaxes: ["1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2"] },
    { id: 3, abstractSyntax: "1.2.840.10008.5.1.4.31", transferSyntaxes: ["1.2.840.10008.1.2"] },
    { id: 255, abstractSyntax: "1.2.840.10008.1.1", transferSyntaxes: ["1.2.840.10008.1.2.4.80"] },
  ],
  user: { maxPduBytes: 16384, implementationClassUid: "1.2", roles: [] },
};

test("each context has its own answer, under its own ID", () => {
  const { accept, contexts } = negotiate(request, acceptStorageContext, 65536);
  expect(accept.contexts.map(({ id, result }) => [id, result])).toEqual([
    [1, 0],
    [3, 3],
    [255, 4],
  ]);
  expect([...contexts]).toEqual([[1, { abstractSyntax: ct, transferSyntaxUid: "1.2.840.10008.1.2.4.80" }]]);
  expect(accept.user.maxPduBytes).toBe(65536);
  expect(accept.user.implementationClassUid.length).toBeLessThanOrEqual(64);
});

test.each([
  [{}, undefined],
  [{ protocolVersion: 2 }, "protocol-version-not-supported"],
  [{ protocolVersion: 3 }, undefined],
  [{ applicationContext: "1.2.3" }, "application-context-name-not-supported"],
  [{ callingAeTitle: "" }, "calling-ae-title-not-recognized"],
  [{ callingAeTitle: "A\nB" }, "calling-ae-title-not-recognized"],
  [{ calledAeTitle: "A\\B" }, "called-ae-title-not-recognized"],
])("%o is answered by %s", (change, expected) => {
  expect(rejectionOf({ ...request, ...change })).toBe(expected);
});

test.each([
  [ct, ["1.2.840.10008.1.2.1"], "1.2.840.10008.1.2.1"],
  [ct, ["1.2.3.4", "1.2.840.10008.1.2.4.203"], "1.2.840.10008.1.2.4.203"],
  [ct, ["1.2.3.4"], "1.2.3.4"],
  [ct, ["1.2.840.10008.1.2.4.94", "1.2.840.10008.1.2"], "1.2.840.10008.1.2"],
  ["1.2.840.10008.5.1.4.1.1.9999.9", ["1.2.840.10008.1.2"], "1.2.840.10008.1.2"],
  ["1.3.12.2.1107.5.9.1", ["1.2.840.10008.1.2"], "1.2.840.10008.1.2"],
  ["1.2.840.10008.5.1.4.34.7", ["1.2.840.10008.1.2"], "1.2.840.10008.1.2"],
  ["1.2.840.10008.1.1", ["1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.1"], "1.2.840.10008.1.2.1"],
])("storage of %s in %o is taken in %s", (abstractSyntax, transferSyntaxes, transferSyntax) => {
  expect(acceptStorageContext(abstractSyntax, transferSyntaxes)).toEqual({ transferSyntax });
});

test.each(["1.2.840.10008.5.1.4.1.2.2.1", "1.2.840.10008.5.1.4.31", "1.2.840.10008.1.20.1", "../../etc", ""])(
  "%s is no storage SOP class",
  (abstractSyntax) => {
    expect(acceptStorageContext(abstractSyntax, ["1.2.840.10008.1.2"])).toEqual({
      unsupported: "abstract-syntax",
    });
  },
);

test("a transfer syntax that is no UID is not chosen", () => {
  expect(acceptStorageContext(ct, ["x", ""])).toEqual({ unsupported: "transfer-syntaxes" });
});
