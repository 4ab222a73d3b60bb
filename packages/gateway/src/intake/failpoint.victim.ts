/** A process of its own that stores what it is told, and dies by SIGKILL at the failpoint that it is told. */
import { readFileSync } from "node:fs";
import { openIntake } from "./open-intake.ts";

const [dir = "", file = "", dieAt = ""] = process.argv.slice(2);
const intake = await openIntake({
  dir,
  minFreeBytes: 0,
  nowMs: () => 0,
  failpoint: (name) => {
    if (name === dieAt) process.kill(process.pid, "SIGKILL");
  },
});
const bytes = readFileSync(file);
const chunks = (async function* () {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
})();
const outcome = await intake.receive({ chunks, announced: {}, door: "dimse" });
// What a sender would be told: whoever reads this line was promised that the object survives.
process.stdout.write(`answered ${outcome.kind}\n`);
await intake.close();
