import { expect, test } from "vitest";
import { mayReadObjects, mayUseConsole, mayUseDicomWeb } from "./admitted-peers.ts";
import { identityKinds, identityUri } from "./identity.ts";

const admitted = (admits: (uris: readonly string[]) => boolean) =>
  identityKinds.filter((kind) => admits([identityUri({ kind, site: "site-a", name: "x" })]));

test("who may use which listener", () => {
  expect(admitted(mayReadObjects)).toEqual(["node", "gateway", "api"]);
  expect(admitted(mayUseConsole)).toEqual(["operator"]);
  expect(admitted(mayUseDicomWeb)).toEqual(["gateway", "archive", "operator"]);
});

test.each([
  "releve://site-a/operator",
  "releve://site-a/operator/x/y",
  "releve:///operator/x",
  "releve://Site A/operator/x",
  "https://site-a/operator/x",
  "x releve://site-a/operator/x",
])("%j names nobody", (uri) => {
  expect(mayUseConsole([uri])).toBe(false);
});
