/** Something that the person at the keyboard can mend: its message is the whole sentence to show, without a stack. */
export class SetupFailure extends Error {}

/** First match wins: a full disk also breaks connections, so it comes first. */
const knownCauses = [
  {
    pattern: /ENOSPC|EDQUOT|space left on device|os error 28/i,
    sentence: "the disk is full: free some space",
  },
  {
    pattern: /ERR_PNPM_OUTDATED_LOCKFILE/,
    sentence: "pnpm-lock.yaml does not match a package.json: run `pnpm install` and commit the lock file",
  },
  {
    pattern: /EACCES|EROFS|permission denied|read-only file system/i,
    sentence: "a folder cannot be written: give this user write access to the project's folder",
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|dial tcp|could not resolve|temporary failure resolving|could not connect|connection refused|ERR_PNPM_TARBALL_FETCH|error sending request|unable to connect/i,
    sentence:
      "the network or the package registry cannot be reached: check the connection and the proxy settings",
  },
];

/**
 * What to do about a failed tool, from what it printed.
 * @param {string} output
 * @returns {string | undefined} half a sentence, or undefined when the cause is not one that is known
 */
export function knownCause(output) {
  return knownCauses.find(({ pattern }) => pattern.test(output))?.sentence;
}

/**
 * A build asks nobody: what looks like a broken connection in its output is a line of the source that it shows.
 * @param {string} what @param {string} output @param {string} logFile
 */
export function buildFailure(what, output, logFile) {
  const errors = output.split("\n").filter((line) => /error/i.test(line));
  const why = errors[0]?.trim() || "it printed no error";
  return new SetupFailure(`${what} failed: ${why} (details in ${logFile}).`);
}

/**
 * @param {string} what the step, such as "Installing the dependencies"
 * @param {string} output what the tool printed
 * @param {string} logFile where all of it can be read
 */
export function stepFailure(what, output, logFile) {
  const lastLine = output.trim().split("\n").at(-1) ?? "";
  const cause = knownCause(output) ?? (lastLine || "it printed nothing");
  return new SetupFailure(`${what} failed: ${cause}, then run this again (details in ${logFile}).`);
}

/**
 * The sentence for an error that may be the machine's fault, or undefined for a bug, which must keep its stack.
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function sentenceFor(error) {
  if (error instanceof SetupFailure) return error.message;
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const cause = knownCause(String(error.code));
  return cause && `The set-up failed: ${cause}, then run this again.`;
}
