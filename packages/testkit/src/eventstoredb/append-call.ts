/** Streams.Append, Delete and Tombstone. */
import type { sendUnaryData, ServerReadableStream, ServerUnaryCall } from "@grpc/grpc-js";
import streams from "@eventstore/db-client/generated/streams_pb.js";
import type {
  AppendReq,
  AppendResp,
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from "@eventstore/db-client/generated/streams_pb.js";
import type { AppendResult, ExpectedRevision, MemoryDatabase, ProposedRecord } from "./memory-database.ts";
import { empty, expectedRevision, proposedRecord, refusalError, streamNameOf } from "./wire.ts";

/** What happens to an append on its way: `store`: does it reach the log; `answer`: does the writer hear of it. */
export type AppendFate = { readonly store: boolean; readonly answer: boolean };

export function answerAppend(
  call: ServerReadableStream<AppendReq, AppendResp>,
  reply: sendUnaryData<AppendResp>,
  database: MemoryDatabase,
  fate: () => AppendFate,
): void {
  let [stream, expected]: [string, ExpectedRevision] = ["", "any"];
  const records: ProposedRecord[] = [];
  call.on("data", (message: AppendReq) => {
    const options = message.getOptions();
    const proposed = message.getProposedMessage();
    if (options)
      [stream, expected] = [streamNameOf(options.getStreamIdentifier()), expectedRevision(options)];
    if (proposed) records.push(proposedRecord(proposed));
  });
  call.on("end", () => {
    const { store, answer } = fate();
    if (!store) return;
    const outcome = database.append(stream, records, expected);
    if (answer) replyToAppend(stream, expected, outcome, reply);
  });
}

function replyToAppend(
  stream: string,
  expected: ExpectedRevision,
  outcome: AppendResult,
  reply: sendUnaryData<AppendResp>,
): void {
  switch (outcome.result) {
    case "success":
      return reply(null, new streams.AppendResp().setSuccess(success(outcome)));
    case "wrong-expected-version":
      return reply(null, wrongExpectedVersion(expected, outcome.current));
    case "stream-deleted":
    case "too-large":
      return reply(refusalError(stream, outcome));
  }
}

function success({ revision, position }: Extract<AppendResult, { result: "success" }>) {
  const message = new streams.AppendResp.Success().setCurrentRevision(String(revision));
  if (position === undefined) return message.setNoPosition(empty());
  const at = String(position);
  return message.setPosition(new streams.AppendResp.Position().setCommitPosition(at).setPreparePosition(at));
}

function wrongExpectedVersion(expected: ExpectedRevision, current: number | "no_stream"): AppendResp {
  const wrong = new streams.AppendResp.WrongExpectedVersion();
  if (current === "no_stream") wrong.setCurrentNoStream(empty());
  else wrong.setCurrentRevision(String(current));
  if (expected === "no_stream") wrong.setExpectedNoStream(empty());
  else if (expected === "stream_exists") wrong.setExpectedStreamExists(empty());
  else if (expected === "any") wrong.setExpectedAny(empty());
  else wrong.setExpectedRevision(String(expected));
  return new streams.AppendResp().setWrongExpectedVersion(wrong);
}

export function answerDelete(
  call: ServerUnaryCall<DeleteReq, DeleteResp>,
  reply: sendUnaryData<DeleteResp>,
  database: MemoryDatabase,
): void {
  const options = call.request.getOptions() ?? new streams.DeleteReq.Options();
  const stream = streamNameOf(options.getStreamIdentifier());
  const outcome = database.remove(stream, expectedRevision(options), false);
  if (outcome.result === "success") reply(null, new streams.DeleteResp().setNoPosition(empty()));
  else reply(refusalError(stream, outcome));
}

export function answerTombstone(
  call: ServerUnaryCall<TombstoneReq, TombstoneResp>,
  reply: sendUnaryData<TombstoneResp>,
  database: MemoryDatabase,
): void {
  const options = call.request.getOptions() ?? new streams.TombstoneReq.Options();
  const stream = streamNameOf(options.getStreamIdentifier());
  const outcome = database.remove(stream, expectedRevision(options), true);
  if (outcome.result === "success") reply(null, new streams.TombstoneResp().setNoPosition(empty()));
  else reply(refusalError(stream, outcome));
}
