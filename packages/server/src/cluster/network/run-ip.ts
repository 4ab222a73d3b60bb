/** The `ip` command, which makes namespaces and links. It needs root. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Fault } from "@releve/domain/fault";

const run = promisify(execFile);
const limitMs = 10_000;

/** One command, its words separated by spaces. @returns what it printed. @throws Fault NETWORK_FAILED in one sentence. */
export async function runIp(command: string): Promise<string> {
  try {
    const { stdout } = await run("ip", command.split(" "), { timeout: limitMs });
    return stdout;
  } catch (error) {
    const said = error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
    throw new Fault("NETWORK_FAILED", `ip ${command}: ${said}`, "later", error);
  }
}

/** Whether this machine lets us make network namespaces. */
export async function namespacesAllowed(): Promise<boolean> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const name = `releve-${process.pid}-try`;
  try {
    await runIp(`netns add ${name}`);
    await runIp(`netns del ${name}`);
    return true;
  } catch {
    return false; // no command, no right, or no kernel support: the caller stays on loopback
  }
}
