/** The peer: BullMQ as its documentation starts it, one process that adds and works. */
import { Queue, Worker } from "bullmq";
import { handlers, type JobQueue } from "./job-queue.ts";
import { startRedis } from "./redis-process.ts";

export async function bullmqQueue(): Promise<JobQueue> {
  const redis = await startRedis();
  const connection = { host: "127.0.0.1", port: redis.port };
  const queue = new Queue("bench", { connection });
  const worker = new Worker(
    "bench",
    async ({ name }) => {
      jobs.onStart(name);
    },
    { connection, concurrency: handlers },
  );
  worker.on("completed", ({ name }) => jobs.onDone(name));
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  const jobs: JobQueue = {
    submit: async (name) => {
      await queue.add(name, { study: name });
    },
    onStart: () => {},
    onDone: () => {},
    close: async () => {
      await worker.close();
      await queue.close();
      await redis.stop();
    },
  };
  return jobs;
}
