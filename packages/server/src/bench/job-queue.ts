/** What a queue of jobs is to its benchmark: a job is handed in durably, a handler starts on it, and it is completed durably. */
export type JobQueue = {
  /** Resolves when the job is on disk. */
  readonly submit: (name: string) => Promise<void>;
  /** Called when a handler starts; the job does nothing. */
  onStart: (name: string) => void;
  /** Called when the job's completion is on disk. */
  onDone: (name: string) => void;
  readonly close: () => Promise<void>;
};

/** Handlers at work at once. */
export const handlers = 64;
