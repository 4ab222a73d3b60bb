/** Asks again when the ledger grew: at once, and then at most twice a second however fast it grows. */
import type { QueryClient } from "@tanstack/react-query";

const pauseMs = 500;

/** @returns to be called at each change. */
export function askingAgain(client: Pick<QueryClient, "invalidateQueries">): () => void {
  let waiting = false;
  let again = false;
  const ask = (): void => {
    if (waiting) {
      again = true;
      return;
    }
    waiting = true;
    void client.invalidateQueries();
    setTimeout(() => {
      waiting = false;
      if (!again) return;
      again = false;
      ask();
    }, pauseMs);
  };
  return ask;
}
