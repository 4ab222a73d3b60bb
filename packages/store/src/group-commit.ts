/**
 * Many callers, one expensive run: a call made while a run is under way waits for the next one, because the run that is
 * under way may have begun before the caller's work was visible to it. All callers of one run share its failure.
 */
export function groupCommit(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const start = (): Promise<void> => {
    next = undefined;
    running = run().finally(() => {
      running = undefined;
    });
    return running;
  };

  return () => {
    if (next) return next;
    if (!running) return start();
    next = running.then(start, start);
    return next;
  };
}
