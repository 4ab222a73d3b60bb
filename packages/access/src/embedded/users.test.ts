import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { roles } from "../roles.ts";
import { ensureUsers, passwordChecker, triesMax } from "./users.ts";

function newFile(): string {
  const dir = mkdtempSync(join(tmpdir(), "releve-users-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return join(dir, "users.json");
}

test("one user a role, its password shown once and kept hashed, for the owner's eyes", async () => {
  const file = newFile();
  const shown = await ensureUsers(file);
  expect(shown.map(({ name }) => name)).toEqual(roles);
  expect(new Set(shown.map(({ password }) => password)).size).toBe(roles.length);
  expect(await ensureUsers(file)).toEqual([]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const { password } of shown) expect(readFileSync(file, "utf8")).not.toContain(password);
  const check = passwordChecker(file, () => 0);
  const [{ name, password }] = shown as [(typeof shown)[0]];
  expect(await check(name, password)).toEqual({ verdict: "right", name });
  expect(await check(name, `${password} `)).toEqual({ verdict: "wrong" });
  expect(await check("root", password)).toEqual({ verdict: "wrong" });
});

test("drawn anew, the passwords of before count no more", async () => {
  const file = newFile();
  const [before] = await ensureUsers(file);
  await ensureUsers(file, true);
  expect(await passwordChecker(file, () => 0)(before!.name, before!.password)).toEqual({ verdict: "wrong" });
});

test("wrong passwords lock a name, longer each time, also over a restart and for many tries at once", async () => {
  const file = newFile();
  const [rita, other] = await ensureUsers(file);
  let nowMs = 0;
  const checker = () => passwordChecker(file, () => nowMs);
  const wrong = await Promise.all(
    Array.from(
      { length: triesMax + 3 },
      (
        (check) => () =>
          check(rita!.name, "no")
      )(checker()),
    ),
  );
  expect(wrong.filter(({ verdict }) => verdict === "wrong")).toHaveLength(triesMax - 1);
  expect(await checker()(rita!.name, rita!.password)).toEqual({ verdict: "locked", untilMs: 60_000 });
  expect(await checker()(other!.name, other!.password)).toMatchObject({ verdict: "right" });
  nowMs = 60_000;
  expect(await checker()(rita!.name, "no")).toEqual({ verdict: "locked", untilMs: 180_000 });
  nowMs = 180_000;
  expect(await checker()(rita!.name, rita!.password)).toMatchObject({ verdict: "right" });
  expect(await checker()(rita!.name, "no")).toEqual({ verdict: "wrong" });
});
