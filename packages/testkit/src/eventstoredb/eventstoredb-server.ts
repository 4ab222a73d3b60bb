/**
 * A small EventStoreDB for tests: its gRPC services over a loopback port, in front of a database in memory. It is what the
 * official client speaks with, so that the wire is tested; what only a real server does (disk, cluster, projections, access
 * control) is not here. `ESDB_URL` names a real one for the tests that can use it.
 */
import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
} from "@grpc/grpc-js";
import type { ClusterInfo } from "@eventstore/db-client/generated/gossip_pb.js";
import type { SupportedMethods } from "@eventstore/db-client/generated/serverfeatures_pb.js";
import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from "@eventstore/db-client/generated/streams_pb.js";
import featuresPb from "@eventstore/db-client/generated/serverfeatures_pb.js";
import featuresService from "@eventstore/db-client/generated/serverfeatures_grpc_pb.js";
import gossipPb from "@eventstore/db-client/generated/gossip_pb.js";
import gossipService from "@eventstore/db-client/generated/gossip_grpc_pb.js";
import shared from "@eventstore/db-client/generated/shared_pb.js";
import streamsService from "@eventstore/db-client/generated/streams_grpc_pb.js";
import { answerAppend, answerDelete, answerTombstone, type AppendFate } from "./append-call.ts";
import { answerBatchAppend } from "./batch-append-call.ts";
import { memoryDatabase, type MemoryDatabase } from "./memory-database.ts";
import { answerRead, type ReadCall } from "./read-call.ts";

export type EventStoreServer = {
  readonly connectionString: string;
  /** The same, with the member found by gossip. */
  readonly discoverString: string;
  readonly database: MemoryDatabase;
  /** The next `count` appends share this fate; those after them are stored and answered. */
  readonly setFate: (fate: AppendFate, count: number) => void;
  /** Breaks every connection. */
  readonly stop: () => Promise<void>;
  /** Serves again, on the same port and with the same data. */
  readonly restart: () => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type EventStoreServerOptions = {
  /** Whether it offers BatchAppend, as servers since 21.10 do: the client then sends its appends in that way. */
  readonly batchAppend?: boolean;
  readonly version?: string;
};

export async function startEventStoreServer(
  options: EventStoreServerOptions = {},
): Promise<EventStoreServer> {
  const database = memoryDatabase();
  let [fate, fated]: [AppendFate, number] = [{ store: true, answer: true }, 0];
  const nextFate = (): AppendFate => (fated-- > 0 ? fate : { store: true, answer: true });
  const handlers = handlersOf(database, nextFate, options, () => port);
  let server = newServer(handlers);
  let port = await bind(server, 0);
  const stop = async (): Promise<void> => server.forceShutdown();
  return {
    connectionString: `esdb://127.0.0.1:${port}?tls=false`,
    discoverString: `esdb+discover://127.0.0.1:${port}?tls=false`,
    database,
    setFate: (next, count) => {
      [fate, fated] = [next, count];
    },
    stop,
    restart: async () => {
      server = newServer(handlers);
      port = await bind(server, port);
    },
    [Symbol.asyncDispose]: stop,
  };
}

type Handlers = ReturnType<typeof handlersOf>;

function newServer({ streams, features, gossip }: Handlers): Server {
  const server = new Server();
  server.addService(streamsService.StreamsService, streams);
  server.addService(featuresService.ServerFeaturesService, features);
  server.addService(gossipService.GossipService, gossip);
  return server;
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
}

function handlersOf(
  database: MemoryDatabase,
  fate: () => AppendFate,
  { batchAppend = false, version = "24.10.0" }: EventStoreServerOptions,
  port: () => number,
) {
  const read = (call: ReadCall): void => {
    answerRead(call, database).catch((error: unknown) => call.emit("error", error));
  };
  const append = (call: ServerReadableStream<AppendReq, AppendResp>, reply: sendUnaryData<AppendResp>) =>
    answerAppend(call, reply, database, fate);
  const remove = (call: ServerUnaryCall<DeleteReq, DeleteResp>, reply: sendUnaryData<DeleteResp>) =>
    answerDelete(call, reply, database);
  const tombstone = (
    call: ServerUnaryCall<TombstoneReq, TombstoneResp>,
    reply: sendUnaryData<TombstoneResp>,
  ) => answerTombstone(call, reply, database);
  const batch = (call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>) =>
    answerBatchAppend(call, database, fate);
  const getSupportedMethods = (_: unknown, reply: sendUnaryData<SupportedMethods>) =>
    reply(null, supportedMethods(version, batchAppend));
  const readGossip = (_: unknown, reply: sendUnaryData<ClusterInfo>) => reply(null, clusterOfOne(port()));
  return {
    streams: { read, append, delete: remove, tombstone, batchAppend: batch },
    features: { getSupportedMethods },
    gossip: { read: readGossip },
  };
}

function supportedMethods(version: string, batchAppend: boolean) {
  const names = ["read", "append", "delete", "tombstone", ...(batchAppend ? ["batchappend"] : [])];
  const methods = names.map((name) =>
    new featuresPb.SupportedMethod().setServiceName("event_store.client.streams.streams").setMethodName(name),
  );
  return new featuresPb.SupportedMethods().setMethodsList(methods).setEventStoreServerVersion(version);
}

function clusterOfOne(port: number) {
  const member = new gossipPb.MemberInfo()
    .setInstanceId(new shared.UUID().setString(crypto.randomUUID()))
    .setTimeStamp(String(Date.now()))
    .setState(gossipPb.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(new gossipPb.EndPoint().setAddress("127.0.0.1").setPort(port));
  return new gossipPb.ClusterInfo().setMembersList([member]);
}
