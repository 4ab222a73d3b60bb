/** What a run leaves behind for the invariants: the raw ledger, what senders were told, what the PACS and the stores hold. */
import type { Digest, StudyId, Uuid } from "@releve/domain/ids";
import type { Commit, Position, StreamId, Version } from "@releve/ledger/event-log";

/** An append of the drill's own that the ledger said yes to. */
export type Acknowledged = {
  readonly stream: StreamId;
  readonly version: Version;
  readonly eventId: Uuid;
};

/** An object that a gateway answered with Success. */
export type AcceptedObject = {
  readonly study: StudyId;
  readonly sopInstanceUid: string;
  /** SHA-256 of the data set without group 0002, as it was sent. */
  readonly dataSet: Digest;
};

/** One commit as a follower was told of it. */
export type SeenCommit = { readonly position: Position; readonly eventIds: readonly Uuid[] };
export type Followed = { readonly site: string; readonly seen: readonly SeenCommit[] };

/** One instance in the PACS. Its file has another group 0002 than ours; the data set is stored as it was received. */
export type HeldInstance = {
  readonly study: StudyId;
  readonly sopInstanceUid: string;
  readonly dataSet: Digest;
};

/** What lies in a site's store under a digest that the ledger names. */
export type StoredCopy = {
  readonly site: string;
  /** SHA-256 of the file's bytes: what its name promises. */
  readonly bytes: Digest;
  readonly dataSet: Digest;
};

export type ReadModelDigest = { readonly of: string; readonly digest: Digest };

export type RunEvidence = {
  /** Every commit of the ledger in its order, also of earlier runs on the same cluster. */
  readonly commits: readonly Commit[];
  readonly acknowledged: readonly Acknowledged[];
  readonly accepted: readonly AcceptedObject[];
  readonly followed: readonly Followed[];
  /** This run's studies: what the PACS holds of them. */
  readonly studies: ReadonlySet<StudyId>;
  readonly pacs: readonly HeldInstance[];
  /** By the digest that the ledger names; empty where no site has it. Of this run's studies. */
  readonly stored: ReadonlyMap<Digest, readonly StoredCopy[]>;
  /** What had not ended when the run's time was over, as sentences. */
  readonly unfinished: readonly string[];
  /** Read models built from the same ledger in different ways; all must be equal. */
  readonly readModels: readonly ReadModelDigest[];
};

/** Sentences that say what is wrong; none: it holds. */
export type Invariant = (evidence: RunEvidence) => string[];
