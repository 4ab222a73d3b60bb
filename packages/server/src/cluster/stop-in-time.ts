/** The end of a child process: asked first, then made. */
const stopWithinMs = 10_000;

/** SIGTERM, also to one that is frozen; SIGKILL when it does not leave in time. */
export async function stopInTime(
  gone: Promise<string>,
  kill: (signal: NodeJS.Signals) => void,
): Promise<void> {
  kill("SIGTERM");
  kill("SIGCONT");
  const timer = setTimeout(() => kill("SIGKILL"), stopWithinMs);
  await gone;
  clearTimeout(timer);
}
