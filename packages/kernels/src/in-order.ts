/** Runs tasks with a bounded number under way and yields their results in the tasks' order. */
const underWayMax = 2;

/**
 * Two under way: the worker has the next task while the consumer handles a result, and no more is held in memory.
 * @throws the signal's reason once it is aborted; what is under way then ends unheard.
 */
export async function* inOrder<Task, Result>(
  tasks: Iterable<Task>,
  run: (task: Task) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for (const task of tasks) {
    signal?.throwIfAborted();
    const started = run(task);
    // The error is thrown where the result is awaited; without this a consumer that left would crash the process.
    started.catch(() => {});
    underWay.push(started);
    if (underWay.length >= underWayMax) yield await underWay.shift()!;
  }
  for (const started of underWay) {
    const result = await started;
    signal?.throwIfAborted();
    yield result;
  }
}
