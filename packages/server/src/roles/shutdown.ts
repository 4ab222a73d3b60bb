/** When a role ends: by signal, or when the supervisor that started it is gone. */
import { onAbort } from "@releve/domain/on-abort";
export function shutdownSignal(): AbortSignal {
  const ending = new AbortController();
  const end = () => ending.abort();
  // Not `once`: a signal often comes twice, from the terminal and from the parent, and the second must not cut the stop short.
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  process.once("disconnect", end);
  return ending.signal;
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    onAbort(signal, resolve);
  });
