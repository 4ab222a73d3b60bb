import { expect, test } from "vitest";
import { asFault } from "./transient.ts";

test("a certificate that is not valid yet is told as a clock to set, however deep the client keeps it", () => {
  const tls = Object.assign(new Error("certificate is not yet valid"), { code: "CERT_NOT_YET_VALID" });
  const fault = asFault(new Error("connection refused", { cause: new Error("handshake", { cause: tls }) }));
  expect(fault.code).toBe("LEDGER_REFUSED");
  expect(fault.message).toContain("CERT_NOT_YET_VALID): set this machine's clock");
});

test("what has no code is refused without one", () => {
  expect(asFault(new Error("no")).message).toBe("The ledger's server refused.");
  expect(asFault("no").message).toBe("The ledger's server refused.");
});
