import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

const module = new URL("hand-over.mjs", import.meta.url).href;

/** A process that hands over to a child running `childCode`, as the set-up does. @param {string} childCode */
function handingOver(childCode) {
  const code = `
    const { handOver } = await import(${JSON.stringify(module)});
    process.exitCode = await handOver(process.execPath, ["-e", ${JSON.stringify(childCode)}], process.env);
  `;
  return spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "pipe"] });
}

test("the exit code is passed on", async () => {
  const [code] = await once(handingOver("process.exit(7)"), "close");
  expect(code).toBe(7);
});

test.each(/** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))(
  "%s reaches the child, which ends in its own way",
  async (signal) => {
    const parent = handingOver(`
    process.on(${JSON.stringify(signal)}, () => { console.log("stopping"); process.exit(3); });
    setInterval(() => {}, 1000);
    console.log("up");
  `);
    let output = "";
    parent.stdout.on("data", (chunk) => {
      output += chunk;
      if (output === "up\n") parent.kill(signal);
    });
    const [code] = await once(parent, "close");
    expect({ code, output }).toEqual({ code: 3, output: "up\nstopping\n" });
  },
);

test("a child that was killed gives 128 and the signal's number", async () => {
  const [code] = await once(handingOver("process.kill(process.pid, 'SIGKILL')"), "close");
  expect(code).toBe(137);
});
