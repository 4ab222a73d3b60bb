/** Streams.BatchAppend: one long call, over which the client of a newer server sends all its appends. */
import type { ServerDuplexStream } from "@grpc/grpc-js";
import shared from "@eventstore/db-client/generated/shared_pb.js";
import statusPb from "@eventstore/db-client/generated/status_pb.js";
import streams from "@eventstore/db-client/generated/streams_pb.js";
import type { BatchAppendReq, BatchAppendResp } from "@eventstore/db-client/generated/streams_pb.js";
import anyPb from "google-protobuf/google/protobuf/any_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import type { AppendFate } from "./append-call.ts";
import type { AppendResult, ExpectedRevision, MemoryDatabase, ProposedRecord } from "./memory-database.ts";
import { identifierOf, proposedRecord, streamNameOf } from "./wire.ts";

type Batch = { stream: string; expected: ExpectedRevision; readonly records: ProposedRecord[] };

export function answerBatchAppend(
  call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>,
  database: MemoryDatabase,
  fate: () => AppendFate,
): void {
  const open = new Map<string, Batch>();
  call.on("data", (message: BatchAppendReq) => {
    const id = message.getCorrelationId()?.getString() ?? "";
    const batch = open.get(id) ?? { stream: "", expected: "any", records: [] };
    open.set(id, batch);
    const options = message.getOptions();
    if (options) {
      batch.stream = streamNameOf(options.getStreamIdentifier());
      batch.expected = expectedPosition(options);
    }
    batch.records.push(...message.getProposedMessagesList().map(proposedRecord));
    if (!message.getIsFinal()) return;
    open.delete(id);
    const { store, answer } = fate();
    if (!store) return;
    const outcome = database.append(batch.stream, batch.records, batch.expected);
    if (answer) call.write(response(id, batch, outcome));
  });
  call.on("end", () => call.end());
}

function expectedPosition(options: BatchAppendReq.Options): ExpectedRevision {
  if (options.hasStreamPosition()) return Number(options.getStreamPosition());
  if (options.hasNoStream()) return "no_stream";
  return options.hasStreamExists() ? "stream_exists" : "any";
}

function response(id: string, { stream }: Batch, outcome: AppendResult): BatchAppendResp {
  const message = new streams.BatchAppendResp()
    .setCorrelationId(new shared.UUID().setString(id))
    .setStreamIdentifier(identifierOf(stream));
  if (outcome.result !== "success") return message.setError(errorOf(outcome));
  const success = new streams.BatchAppendResp.Success().setCurrentRevision(String(outcome.revision));
  if (outcome.position === undefined) success.setNoPosition(new emptyPb.Empty());
  else {
    const at = String(outcome.position);
    success.setPosition(new shared.AllStreamPosition().setCommitPosition(at).setPreparePosition(at));
  }
  return message.setSuccess(success);
}

function errorOf(outcome: Exclude<AppendResult, { result: "success" }>) {
  const details = new anyPb.Any();
  const pack = (message: { serializeBinary(): Uint8Array }, name: string) =>
    details.pack(message.serializeBinary(), `event_store.client.${name}`);
  if (outcome.result === "stream-deleted") pack(new shared.StreamDeleted(), "StreamDeleted");
  else if (outcome.result === "too-large")
    pack(
      new shared.MaximumAppendSizeExceeded().setMaxappendsize(outcome.maxBytes),
      "MaximumAppendSizeExceeded",
    );
  else pack(wrongExpectedVersion(outcome.current), "WrongExpectedVersion");
  return new statusPb.Status().setMessage(outcome.result).setDetails(details);
}

function wrongExpectedVersion(current: number | "no_stream") {
  const wrong = new shared.WrongExpectedVersion().setExpectedAny(new emptyPb.Empty());
  return current === "no_stream"
    ? wrong.setCurrentNoStream(new emptyPb.Empty())
    : wrong.setCurrentStreamRevision(String(current));
}
