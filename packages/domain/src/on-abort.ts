/** Acts when the signal is aborted, or at once when it already was: a listener alone would wait for ever then. */
export function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act, { once: true });
}
