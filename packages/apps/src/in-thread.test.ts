import { pathToFileURL } from "node:url";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ComputeThreadFault } from "./faults.ts";
import { inThread } from "./in-thread.ts";

const folder = mkdtempSync(join(tmpdir(), "releve-thread-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A thread that runs this code, with `answer` and its input's type at hand. */
function thread(name: string, code: string): URL {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(
    path,
    `import { answer } from ${JSON.stringify(new URL("./in-thread.ts", import.meta.url))};\n${code}`,
  );
  return pathToFileURL(path);
}

const never = new AbortController().signal;

test("input goes in, the answer comes out, and its memory with it", async () => {
  const module = thread(
    "doubling",
    "answer(({ values }) => ({ twice: values.map((value) => 2 * value) }), ({ twice }) => [twice.buffer]);",
  );
  expect(await inThread(module, { values: Float32Array.of(1, 2, 3) }, never)).toEqual({
    twice: Float32Array.of(2, 4, 6),
  });
});

test("a thread that throws, or ends without a word, is a fault that may be tried again", async () => {
  const failing = thread("failing", "answer(() => { throw new RangeError('of this input'); }, () => []);");
  const failed = inThread(failing, {}, never);
  await expect(failed).rejects.toThrow(ComputeThreadFault);
  await expect(failed).rejects.toMatchObject({ retry: "later", cause: expect.any(RangeError) });
  await expect(inThread(thread("silent", "process.exit(0);"), {}, never)).rejects.toThrow("has ended");
});

test("an abort ends a thread that never would", async () => {
  const module = thread("endless", "answer(() => { for (;;); }, () => []);");
  const controller = new AbortController();
  const running = inThread(module, {}, controller.signal);
  controller.abort(new Error("the claim is lost"));
  await expect(running).rejects.toThrow("the claim is lost");
  await expect(inThread(module, {}, controller.signal)).rejects.toThrow("the claim is lost");
});
