/**
 * A timer that forgives our own delays: when it expires, what has already arrived is taken in before anybody is blamed.
 * Node runs expired timers before it polls its sockets, so after a stall of the main loop every peer would look silent.
 */

/** Calls `onExpired` after `ms` and one more turn of the loop, unless the returned function was called before. */
export function expireAfter(ms: number, onExpired: () => void): () => void {
  if (!Number.isFinite(ms)) return () => {};
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (immediate = setImmediate(onExpired)), Math.max(0, ms));
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}
