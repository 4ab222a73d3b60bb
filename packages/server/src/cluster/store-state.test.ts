import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { markStore, moveStoreAside, storeStateOf } from "./store-state.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "releve-store-state-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const backUp = () =>
  cpSync(join(dir, "data"), join(dir, "backup"), { recursive: true, preserveTimestamps: true });
const putBack = () => {
  rmSync(join(dir, "data"), { recursive: true });
  cpSync(join(dir, "backup"), join(dir, "data"), { recursive: true, preserveTimestamps: true });
};

test("a store that only this server touched is its own, however often it starts", () => {
  expect(storeStateOf(dir)).toBe("new");
  for (let start = 0; start < 3; start += 1) {
    markStore(dir);
    expect(storeStateOf(dir)).toBe("own");
  }
});

test("a backup of an earlier start, and one of this very start, are told apart from the store itself", () => {
  markStore(dir);
  backUp();
  putBack();
  expect(storeStateOf(dir)).toBe("restored");
  markStore(dir);
  expect(storeStateOf(dir)).toBe("own");
  putBack();
  expect(storeStateOf(dir)).toBe("restored");
});

test("a store that somebody put beside a new server, or one without its marker, is restored", () => {
  mkdirSync(join(dir, "data", "jetstream"), { recursive: true });
  expect(storeStateOf(dir)).toBe("restored");
  markStore(dir);
  rmSync(join(dir, "data", "releve-generation"));
  expect(storeStateOf(dir)).toBe("restored");
});

test("a start that ended between the two writes leaves the store its own", () => {
  markStore(dir);
  writeFileSync(join(dir, "data", "releve-generation"), "2");
  expect(storeStateOf(dir)).toBe("own");
});

test("a lost store is new, and what is moved aside is kept", () => {
  markStore(dir);
  const aside = moveStoreAside(dir, 0);
  expect(storeStateOf(dir)).toBe("new");
  expect(readdirSync(aside)).toEqual(["releve-generation"]);
});
