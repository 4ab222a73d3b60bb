/** Sends many objects to one peer: as many associations as the contexts and the failures ask for, one after the other. */
import type { Association, DataSetBytes } from "./association.ts";
import { contextsFor, maxContexts } from "./contexts-for.ts";
import type { DimseStatus } from "./dimse-status.ts";
import { openAssociation, type AssociationOptions } from "./scu.ts";

export type ObjectToSend = {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
  /** Called when its turn comes. */
  readonly open: () => DataSetBytes | Promise<DataSetBytes>;
};

/** The peer's answer, or why there is none: a DimseFault, or what `open` or its stream threw. */
export type SendOutcome = { readonly sopInstanceUid: string } & (
  | { readonly kind: "answered"; readonly status: DimseStatus }
  | { readonly kind: "failed"; readonly cause: unknown }
);

export type SendTarget = Omit<AssociationOptions, "contexts">;

/** An association takes this many objects, so that an endless source cannot make a batch grow. */
const maxObjectsPerAssociation = 1000;
/** After this many broken associations in a row without an answer in between, the peer is given up. */
const maxBrokenInARow = 3;

/**
 * One outcome for each object, in order. A refused or failed object does not hold up the others; once the peer cannot be
 * reached, or rejects the association, the rest fails with the same cause and no further attempt.
 */
export async function sendObjects(
  target: SendTarget,
  objects: Iterable<ObjectToSend> | AsyncIterable<ObjectToSend>,
  onProgress: (outcome: SendOutcome, doneCount: number) => void = () => {},
): Promise<SendOutcome[]> {
  const outcomes: SendOutcome[] = [];
  const sender = new Sender(target, (outcome) => {
    outcomes.push(outcome);
    onProgress(outcome, outcomes.length);
  });
  for await (const batch of batches(objects)) await sender.sendBatch(batch);
  return outcomes;
}

class Sender {
  readonly #target: SendTarget;
  readonly #tell: (outcome: SendOutcome) => void;
  #brokenInARow = 0;
  #givenUp: { readonly cause: unknown } | undefined;

  constructor(target: SendTarget, tell: (outcome: SendOutcome) => void) {
    this.#target = target;
    this.#tell = tell;
  }

  async sendBatch(batch: readonly ObjectToSend[]): Promise<void> {
    let association: Association | undefined;
    for (const object of batch) {
      if (!association?.isOpen) association = await this.#associate(batch);
      this.#tell(association ? await this.#send(association, object) : this.#notTried(object));
    }
    // Every object has its answer by now: a release that fails changes none of them.
    if (association?.isOpen) await association.release().catch(() => {});
  }

  async #associate(batch: readonly ObjectToSend[]): Promise<Association | undefined> {
    if (this.#givenUp) return undefined;
    try {
      return await openAssociation({ ...this.#target, contexts: contextsFor(batch) });
    } catch (cause) {
      this.#givenUp = { cause };
      return undefined;
    }
  }

  async #send(association: Association, object: ObjectToSend): Promise<SendOutcome> {
    const { sopInstanceUid } = object;
    try {
      const dataSet = await object.open();
      const status = await association.store({ ...object, dataSet });
      this.#brokenInARow = 0;
      return { sopInstanceUid, kind: "answered", status };
    } catch (cause) {
      if (!association.isOpen) this.#brokenInARow += 1;
      if (this.#brokenInARow >= maxBrokenInARow) this.#givenUp = { cause };
      return { sopInstanceUid, kind: "failed", cause };
    }
  }

  #notTried(object: ObjectToSend): SendOutcome {
    return { sopInstanceUid: object.sopInstanceUid, kind: "failed", cause: this.#givenUp!.cause };
  }
}

/** Runs of objects whose pairs of SOP class and transfer syntax fit one association. */
async function* batches(
  objects: Iterable<ObjectToSend> | AsyncIterable<ObjectToSend>,
): AsyncGenerator<ObjectToSend[]> {
  let batch: ObjectToSend[] = [];
  let pairs = new Set<string>();
  for await (const object of objects) {
    const pair = `${object.sopClassUid} ${object.transferSyntaxUid}`;
    const isFull =
      batch.length === maxObjectsPerAssociation || (!pairs.has(pair) && pairs.size === maxContexts);
    if (isFull) {
      yield batch;
      batch = [];
      pairs = new Set();
    }
    batch.push(object);
    pairs.add(pair);
  }
  if (batch.length > 0) yield batch;
}
