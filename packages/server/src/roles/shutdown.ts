/** When a role ends: by signal, or when the supervisor that started it is gone. */
export function shutdownSignal(): AbortSignal {
  const ending = new AbortController();
  const end = () => ending.abort();
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  process.once("disconnect", end);
  return ending.signal;
}

export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
