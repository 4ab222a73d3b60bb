/**
 * Between EventStoreDB's gRPC messages and plain values. The client's package holds the messages as generated CommonJS, of
 * which Node sees the default export alone.
 */
import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import shared from "@eventstore/db-client/generated/shared_pb.js";
import streams from "@eventstore/db-client/generated/streams_pb.js";
import type { StreamIdentifier, UUID } from "@eventstore/db-client/generated/shared_pb.js";
import type { ReadResp } from "@eventstore/db-client/generated/streams_pb.js";
import type { AppendResult, ExpectedRevision, ProposedRecord, StoredRecord } from "./memory-database.ts";

export const empty = () => new shared.Empty();

export const streamNameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString("utf8");

export const identifierOf = (stream: string): StreamIdentifier =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(stream, "utf8"));

/** The client writes and asks for UUIDs as text. */
const uuidOf = (id: string): UUID => new shared.UUID().setString(id);

type ProposedMessage = {
  getId(): UUID | undefined;
  getMetadataMap(): { get(key: string): string | undefined };
  getCustomMetadata_asU8(): Uint8Array;
  getData_asU8(): Uint8Array;
};

export const proposedRecord = (message: ProposedMessage): ProposedRecord => ({
  id: message.getId()?.getString() ?? "",
  type: message.getMetadataMap().get("type") ?? "",
  contentType: message.getMetadataMap().get("content-type") ?? "",
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

/** The server's clock counts 100 ns. */
const ticksPerMs = 10_000;

export function readEvent(record: StoredRecord): ReadResp {
  const position = String(record.position);
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(uuidOf(record.id))
    .setStreamIdentifier(identifierOf(record.stream))
    .setStreamRevision(String(record.revision))
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(record.data)
    .setCustomMetadata(record.metadata);
  recorded
    .getMetadataMap()
    .set("type", record.type)
    .set("content-type", record.contentType)
    .set("created", String(record.createdMs * ticksPerMs));
  const event = new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position);
  return new streams.ReadResp().setEvent(event);
}

type ExpectedOption = {
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
  hasRevision(): boolean;
  getRevision(): string;
};

export function expectedRevision(options: ExpectedOption): ExpectedRevision {
  if (options.hasRevision()) return Number(options.getRevision());
  if (options.hasNoStream()) return "no_stream";
  return options.hasStreamExists() ? "stream_exists" : "any";
}

/** How the server says no: by a status, and by an exception's name in the trailing metadata. */
export function serviceError(
  code: status,
  exception: string,
  details: Readonly<Record<string, string>>,
): Partial<ServiceError> {
  const metadata = new Metadata();
  metadata.set("exception", exception);
  for (const [name, value] of Object.entries(details)) metadata.set(name, value);
  return { code, details: exception, metadata };
}

export function refusalError(
  stream: string,
  outcome: Exclude<AppendResult, { result: "success" }>,
): Partial<ServiceError> {
  const named = { "stream-name": stream };
  switch (outcome.result) {
    case "stream-deleted":
      return serviceError(status.FAILED_PRECONDITION, "stream-deleted", named);
    case "too-large":
      return serviceError(status.INVALID_ARGUMENT, "maximum-append-size-exceeded", {
        "maximum-append-size": String(outcome.maxBytes),
      });
    case "wrong-expected-version":
      return serviceError(status.FAILED_PRECONDITION, "wrong-expected-version", {
        ...named,
        "expected-version": "-2",
        "actual-version": String(outcome.current === "no_stream" ? -1 : outcome.current),
      });
  }
}
