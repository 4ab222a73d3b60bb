/** A process of its own: a driver that aborts must not take the node with it. Ends with the process that started it. */
import { workServer, type Serve } from "../work-server.ts";
import type { WorkReply, WorkRequest } from "../worker-protocol.ts";
import { openAdapter } from "./gpu-adapter.ts";
import { HeldVolumes, type GpuMessage, type GpuOptions } from "./gpu-protocol.ts";

const [, , optionsText] = process.argv;
const { allowSoftware, ...options } = JSON.parse(optionsText!) as GpuOptions;
const reply = (message: WorkReply) => void process.send!(message);
const held = new HeldVolumes();
const serving = openAdapter(allowSoftware).then((adapter): Serve => {
  if (typeof adapter === "string") return async (request) => refuse(request, adapter);
  return workServer({ ...options, volumeBytesMax: adapter.bindingBytesMax }, reply);
});

function refuse(request: WorkRequest, failed: string): void {
  if ("id" in request) reply({ id: request.id, answer: { failed } });
}

// In the order of arrival: each waits for the same promise.
process.on("message", (message: GpuMessage) => {
  const request = held.take(message);
  void serving.then((serve) => serve(request));
});
process.on("disconnect", () => process.exit(0));
