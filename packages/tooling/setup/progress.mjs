import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * One line on stderr for each step that has something to do, with its time; everything else goes to the log.
 * @typedef {{
 *   step: <T>(what: string, work: () => Promise<T>) => Promise<T>,
 *   note: (line: string) => void,
 *   log: (text: string) => void,
 *   logFile: string,
 * }} Progress
 */

/**
 * @param {string} logFile started afresh
 * @param {{ write: (text: string) => unknown }} out
 * @returns {Progress}
 */
export function createProgress(logFile, out = process.stderr) {
  mkdirSync(dirname(logFile), { recursive: true });
  writeFileSync(logFile, "");
  /** @param {string} text */
  const log = (text) => {
    try {
      appendFileSync(logFile, text.endsWith("\n") ? text : `${text}\n`);
    } catch (error) {
      // On a full disk the tool that is being logged fails too, and its own words become the sentence.
      if (!isDiskFull(error)) throw error;
    }
  };
  let openLine = false;
  /** @param {string} line */
  const note = (line) => {
    out.write(`${openLine ? "\n" : ""}  ${line}\n`);
    openLine = false;
    log(line);
  };
  return { step: (what, work) => timed(what, work), note, log, logFile };

  /**
   * @template T
   * @param {string} what
   * @param {() => Promise<T>} work
   */
  async function timed(what, work) {
    const startMs = Date.now();
    out.write(`${what} ...`);
    openLine = true;
    log(`# ${what}`);
    let ending = "failed after";
    try {
      const result = await work();
      ending = "";
      return result;
    } finally {
      const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
      out.write(`${openLine ? "" : `${what}:`} ${ending ? `${ending} ` : ""}${seconds} s\n`);
      openLine = false;
    }
  }
}

/** @param {unknown} error */
function isDiskFull(error) {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
