/** The requestor's side of an established association. One request at a time: the window is 1 as long as nobody negotiates it. */
import { verificationSopClass } from "./accept-context.ts";
import { commandField, dataSetFollows, noDataSet, type CommandSet } from "./command-set.ts";
import { nextFragment, unexpected, type Connection } from "./connection.ts";
import type { DimseStatus } from "./dimse-status.ts";
import { DimseFault, protocolFault, timeoutFault } from "./faults.ts";
import { expireAfter } from "./patience.ts";
import { receiveCommand, sendCommand, sendMessage } from "./messages.ts";
import { statusOf } from "./status-elements.ts";

export type OpenContext = {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxUid: string;
};

export type DataSetBytes = Uint8Array | AsyncIterable<Uint8Array>;

export type StoreOperation = {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** Sent exactly. Chunks must not change after they were handed over. */
  readonly dataSet: DataSetBytes;
  /** PS3.7 table 9.1-1: 0 medium (the default), 1 high, 2 low. */
  readonly priority?: 0 | 1 | 2;
};

export class Association {
  readonly contexts: readonly OpenContext[];
  readonly #connection: Connection;
  readonly #fragmentBytes: number;
  readonly #responseMs: number;
  #messageId = 0;
  #isBusy = false;
  #endedBy: unknown;

  constructor(
    connection: Connection,
    contexts: readonly OpenContext[],
    limits: { readonly fragmentBytes: number; readonly responseMs: number },
  ) {
    this.contexts = contexts;
    this.#connection = connection;
    this.#fragmentBytes = limits.fragmentBytes;
    this.#responseMs = limits.responseMs;
  }

  /** False once released, aborted or broken. */
  get isOpen(): boolean {
    return this.#endedBy === undefined;
  }

  accepts(sopClassUid: string, transferSyntaxUid: string): boolean {
    return this.#context(sopClassUid, transferSyntaxUid) !== undefined;
  }

  /** C-ECHO. @throws DimseFault */
  async echo(): Promise<DimseStatus> {
    const context = this.#context(verificationSopClass);
    if (!context) throw noContext();
    const command = { AffectedSOPClassUID: verificationSopClass, CommandField: commandField.echoRequest };
    return this.#request(context, command, undefined);
  }

  /**
   * C-STORE. Whatever the status, the association goes on.
   * @throws DimseFault DIMSE_NO_CONTEXT (it goes on), any other and what `dataSet` throws (it is over)
   */
  async store(operation: StoreOperation): Promise<DimseStatus> {
    const context = this.#context(operation.sopClassUid, operation.transferSyntaxUid);
    if (!context) throw noContext();
    const command = {
      AffectedSOPClassUID: operation.sopClassUid,
      CommandField: commandField.storeRequest,
      Priority: operation.priority ?? 0,
      AffectedSOPInstanceUID: operation.sopInstanceUid,
    };
    return this.#request(context, command, operation.dataSet);
  }

  /** A-RELEASE, confirmed by the peer. @throws DimseFault when it does not confirm. */
  async release(): Promise<void> {
    this.#begin();
    try {
      await this.#connection.send({ kind: "release-request" });
      let incoming = await this.#connection.next(this.#responseMs);
      if (incoming.kind === "release-request") {
        // Both asked at once: the requestor answers first, then has its own answer (PS3.8 section 9.2.3, AR-8 and AR-9).
        await this.#connection.send({ kind: "release-reply" });
        incoming = await this.#connection.next(this.#responseMs);
      }
      if (incoming.kind !== "release-reply") throw unexpected(incoming);
      this.#endedBy = new Error("released");
      this.#connection.destroy();
    } catch (fault) {
      await this.#break(fault);
    }
  }

  /** A-ABORT as the user. */
  async abort(): Promise<void> {
    if (!this.isOpen) return;
    this.#endedBy = new DimseFault("DIMSE_ABORTED", "aborted on our side", "later");
    this.#connection.fail(this.#endedBy as Error);
    await this.#connection.abortAsUser();
  }

  async #request(
    context: OpenContext,
    command: CommandSet,
    dataSet: DataSetBytes | undefined,
  ): Promise<DimseStatus> {
    this.#begin();
    const messageId = this.#nextMessageId();
    const response = this.#watchedResponse(command.CommandField!, messageId);
    try {
      await this.#send(context, { ...command, MessageID: messageId }, dataSet);
      const status = await within(response, this.#responseMs);
      this.#isBusy = false;
      return status;
    } catch (fault) {
      return await this.#break(isAborted(fault) ? await reasonIn(response, fault) : fault);
    }
  }

  async #send(context: OpenContext, command: CommandSet, dataSet: DataSetBytes | undefined): Promise<void> {
    const full = { ...command, CommandDataSetType: dataSet ? dataSetFollows : noDataSet };
    await sendCommand(this.#connection, context.id, full, this.#fragmentBytes);
    if (!dataSet) return;
    const source = dataSet instanceof Uint8Array ? [dataSet] : dataSet;
    await sendMessage(this.#connection, context.id, false, source, this.#fragmentBytes);
  }

  /** Listens while we still send: an abort in the middle of an object ends the sending with its reason. */
  #watchedResponse(field: number, messageId: number): Promise<DimseStatus> {
    const response = this.#receiveResponse(field, messageId);
    response.catch((fault: Error) => this.#connection.failWrites(fault));
    return response;
  }

  async #receiveResponse(field: number, messageId: number): Promise<DimseStatus> {
    const next = () => nextFragment(this.#connection, Infinity);
    const { command } = await receiveCommand(await next(), next);
    const isOurs =
      command.CommandField === (field | commandField.response) &&
      command.MessageIDBeingRespondedTo === messageId;
    if (!isOurs) throw protocolFault("reason-not-specified", "a response to something else");
    const { Status } = command;
    if (Status === undefined || (command.CommandDataSetType ?? noDataSet) !== noDataSet) {
      throw protocolFault("reason-not-specified", "a response without a status, or with a data set");
    }
    return statusOf({ ...command, Status });
  }

  #context(abstractSyntax: string, transferSyntaxUid?: string): OpenContext | undefined {
    return this.contexts.find(
      (context) =>
        context.abstractSyntax === abstractSyntax &&
        (transferSyntaxUid === undefined || context.transferSyntaxUid === transferSyntaxUid),
    );
  }

  #nextMessageId(): number {
    this.#messageId = (this.#messageId % 0xffff) + 1;
    return this.#messageId;
  }

  #begin(): void {
    if (this.#endedBy !== undefined) throw this.#endedBy;
    if (this.#isBusy) throw new Error("an association takes one request at a time");
    this.#isBusy = true;
  }

  async #break(fault: unknown): Promise<never> {
    if (this.#endedBy === undefined) {
      this.#endedBy = fault;
      await this.#connection.endBecauseOf(fault);
    }
    throw fault;
  }
}

function noContext(): DimseFault {
  return new DimseFault("DIMSE_NO_CONTEXT", "the peer accepted no context for this object", "never");
}

function isAborted(fault: unknown): boolean {
  return fault instanceof DimseFault && fault.code === "DIMSE_ABORTED";
}

/** A failed write only knows that the connection is gone; the peer's A-ABORT, if it came through, says why. */
function reasonIn(response: Promise<unknown>, otherwise: unknown): Promise<unknown> {
  return response.then(
    () => otherwise,
    (fault: unknown) => fault,
  );
}

function within<T>(promise: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const forget = expireAfter(ms, () => reject(timeoutFault("the peer does not answer")));
    promise.then(resolve, reject).finally(forget);
  });
}
