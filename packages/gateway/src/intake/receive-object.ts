/**
 * One object comes in, through whichever door:
 *
 *   limits, free disk -> receive and hash -> parse, compare with what was announced
 *     -> [one at a time per SOP Instance UID] compare with what is there
 *     -> object fsynced under its digest -> journal entry fsynced -> Success
 *
 * What is refused leaves nothing behind. Paths are digests only; nothing that the sender wrote becomes a name.
 */
import { DicomFault } from "@releve/dicom/faults";
import type { Attributes } from "@releve/dicom/data-set/attributes";
import type { DicomObject } from "@releve/dicom/data-set/dicom-object";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { StoreFault } from "@releve/store/faults";
import { noFailpoint, type FailpointPort } from "@releve/store/failpoint";
import type { IntakeJournal } from "@releve/store/intake-journal";
import type { JournalEntry } from "@releve/store/journal-entry";
import type { IndexedAttributes } from "@releve/store/object-index";
import type { ObjectStore, StagedObject } from "@releve/store/object-store";
import type { ByteBudget } from "./byte-budget.ts";
import type { Catalogue } from "./catalogue.ts";
import { compareWithKnown } from "./compare-with-known.ts";
import type { IntakeFailpoint } from "./failpoint.ts";
import type { Identity, IntakeOutcome, RefusalCode } from "./intake-outcome.ts";
import type { KeyedTurns } from "./keyed-turns.ts";

export type Announced = {
  readonly sopClassUid?: string;
  readonly sopInstanceUid?: string;
  readonly studyInstanceUid?: string;
};

export type Arrival = {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Goes in front of `chunks` where the door receives bare data sets. */
  readonly part10Prefix?: Uint8Array;
  readonly announced: Announced;
  readonly door: JournalEntry["door"];
  readonly callingAeTitle?: string;
};

export type IntakeDeps = {
  readonly store: ObjectStore;
  readonly journal: IntakeJournal;
  readonly catalogue: Catalogue;
  /** Keeps the attributes that queries need until the index asks for them. */
  readonly remember: (digest: JournalEntry["digest"], attributes: IndexedAttributes) => void;
  readonly attributesOf: (attributes: Attributes) => IndexedAttributes;
  readonly turns: KeyedTurns;
  /** Objects are parsed from memory: this bounds how many bytes of them at once. */
  readonly parsing: ByteBudget;
  readonly maxObjectBytes: number;
  readonly nowMs: () => number;
  readonly failpoint?: FailpointPort<IntakeFailpoint>;
  /** Hears of every fault of the store: a journal that failed needs its process restarted, a full disk needs people. */
  readonly onFault?: (fault: StoreFault) => void;
};

/** Revisions and quarantined objects under one SOP Instance UID: every arrival is compared with all of them. */
const mostVersions = 64;

/** @throws the sender's own error when its bytes end early; nothing of it was kept. Everything else is an outcome. */
export async function receiveObject(deps: IntakeDeps, arrival: Arrival): Promise<IntakeOutcome> {
  try {
    const bytes = withPrefix(arrival.part10Prefix, arrival.chunks);
    const maxBytes = deps.maxObjectBytes + (arrival.part10Prefix?.byteLength ?? 0);
    const staged = await deps.store.stage(bytes, { maxBytes });
    const giveBack = await deps.parsing.take(staged.bytes);
    try {
      return await judgeStaged(deps, arrival, staged);
    } finally {
      giveBack();
      await staged.discard(); // nothing is left to discard after a commit
    }
  } catch (error) {
    if (error instanceof StoreFault) deps.onFault?.(error);
    return refusedBy(error);
  }
}

async function judgeStaged(deps: IntakeDeps, arrival: Arrival, staged: StagedObject): Promise<IntakeOutcome> {
  const { failpoint = noFailpoint } = deps;
  const object = parseDicom(await staged.read());
  failpoint("object-parsed");
  const difference = differenceFrom(arrival.announced, object);
  if (difference) return refused("NOT_AS_ANNOUNCED", difference, object);
  const turn = deps.turns.take(object.sopInstanceUid, () => keep(deps, arrival, staged, object));
  const outcome = await (turn ??
    refused("OUT_OF_RESOURCES", "too many arrivals of one object at once", object));
  failpoint("object-answered");
  return outcome;
}

async function keep(
  deps: IntakeDeps,
  arrival: Arrival,
  staged: StagedObject,
  object: DicomObject,
): Promise<IntakeOutcome> {
  const { failpoint = noFailpoint } = deps;
  const known = (await deps.catalogue.current()).find(object.sopInstanceUid);
  if (known.all.length >= mostVersions)
    return refused("OUT_OF_RESOURCES", "too many versions lie under this SOP Instance UID", object);
  const { judgement, digests } = await compareWithKnown(deps.store, object, known);
  failpoint("object-compared");
  if (judgement.kind === "same") return theSame(staged, judgement.as);
  await staged.commit();
  const common = { ...identityOf(object), ...digests, ...originOf(deps, arrival, staged, object) };
  const entry = entryFor(judgement, common);
  deps.remember(staged.digest, deps.attributesOf(object.attributes));
  await deps.journal.append(entry);
  return { kind: entry.kind, entry };
}

/** The same bytes are committed again, which mends a copy that was lost; other bytes of the same object are not kept. */
async function theSame(staged: StagedObject, entry: JournalEntry): Promise<IntakeOutcome> {
  if (entry.digest === staged.digest) await staged.commit();
  return { kind: entry.kind === "quarantined" ? "quarantined" : "same", entry };
}

type Common = Omit<Extract<JournalEntry, { kind: "stored" }>, "kind">;
type Kept = Exclude<Awaited<ReturnType<typeof compareWithKnown>>["judgement"], { kind: "same" }>;

function entryFor(judgement: Kept, common: Common): JournalEntry {
  if (judgement.kind === "new") return { kind: "stored", ...common };
  if (judgement.kind === "revision") return { kind: "revision", replaces: judgement.of.digest, ...common };
  return { kind: "quarantined", conflictsWith: judgement.with.digest, ...common };
}

function originOf(deps: IntakeDeps, arrival: Arrival, staged: StagedObject, object: DicomObject) {
  return {
    transferSyntaxUid: object.transferSyntaxUid,
    digest: staged.digest,
    bytes: staged.bytes,
    atMs: deps.nowMs(),
    door: arrival.door,
    ...(arrival.callingAeTitle === undefined ? {} : { callingAeTitle: arrival.callingAeTitle }),
  };
}

function identityOf(object: DicomObject): Identity {
  const { sopClassUid, sopInstanceUid, studyInstanceUid, seriesInstanceUid } = object;
  return { sopClassUid, sopInstanceUid, studyInstanceUid, seriesInstanceUid };
}

function differenceFrom(announced: Announced, object: DicomObject): string | undefined {
  if (differs(announced.sopClassUid, object.sopClassUid))
    return "the data set is of another SOP class than announced";
  if (differs(announced.sopInstanceUid, object.sopInstanceUid))
    return "the data set is another instance than announced";
  if (differs(announced.studyInstanceUid, object.studyInstanceUid))
    return "the data set belongs to another study";
  return undefined;
}

function differs(announced: string | undefined, found: string): boolean {
  return announced !== undefined && announced !== found;
}

function refused(code: RefusalCode, reason: string, object?: DicomObject): IntakeOutcome {
  return { kind: "refused", code, reason, ...(object ? { identity: identityOf(object) } : {}) };
}

/** Faults of the store and of the object are outcomes; the sender's errors and bugs pass. */
function refusedBy(error: unknown): IntakeOutcome {
  if (error instanceof DicomFault) return refused("NOT_IDENTIFIED", `${error.code}: ${error.message}`);
  if (error instanceof StoreFault && error.code === "OBJECT_TOO_LARGE")
    return refused("OBJECT_TOO_LARGE", error.message);
  if (error instanceof StoreFault) return refused("OUT_OF_RESOURCES", `${error.code}: ${error.message}`);
  throw error;
}

async function* withPrefix(
  prefix: Uint8Array | undefined,
  chunks: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (prefix) yield prefix;
  yield* chunks;
}
