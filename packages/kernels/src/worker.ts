/** The worker's side: a thread, so that the node's main loop stays free. */
import { parentPort, workerData } from "node:worker_threads";
import type { EngineOptions } from "./engine.ts";
import { workServer } from "./work-server.ts";
import type { WorkReply, WorkRequest } from "./worker-protocol.ts";

const port = parentPort;
if (!port) throw new Error("this module runs only as a worker");

const serve = workServer(workerData as EngineOptions, (reply: WorkReply) => {
  const handedOver = "values" in reply.answer ? reply.answer.values.map(({ buffer }) => buffer) : [];
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
  port.postMessage(reply, handedOver);
});

// A rejection is unhandled on purpose: it ends the thread.
port.on("message", (request: WorkRequest) => void serve(request));
