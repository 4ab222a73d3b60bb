/** What runs beside a loop, each thing under a name of its own: while one runs, the same is not started again. */
export type Tasks = {
  readonly start: (name: string, act: () => Promise<unknown>) => void;
  /** Resolves when everything that runs now has ended. */
  readonly settled: () => Promise<void>;
};

/** @param onBroken told of what a task throws: a task answers for its own faults. */
export function newTasks(onBroken: (error: unknown) => void): Tasks {
  const running = new Map<string, Promise<void>>();
  const run = async (act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      onBroken(error);
    }
  };
  return {
    start: (name, act) => {
      if (running.has(name)) return;
      running.set(
        name,
        run(act).finally(() => running.delete(name)),
      );
    },
    settled: async () => void (await Promise.all(running.values())),
  };
}
