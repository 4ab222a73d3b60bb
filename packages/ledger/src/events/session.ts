/** What happens to a session of one user with one study. */
import type { Json } from "@releve/domain/canonical-json";
import type { Digest, NodeId, SessionId, SiteId, StudyId, SubjectId, Uuid } from "@releve/domain/ids";

/** Where a session runs, or would go on. */
export type SessionHost = { readonly node: NodeId; readonly site: SiteId };

/** A session has an epoch: who opens it elsewhere raises it, and whoever still writes under a lower one is refused. */
export type SessionEvent =
  | {
      readonly type: "SessionOpened";
      readonly session: SessionId;
      readonly study: StudyId;
      readonly application: string;
      /** A pseudonym: derived from the identity provider's subject, never a name. */
      readonly owner: SubjectId;
      readonly host: SessionHost;
      readonly standby: SessionHost | null;
      readonly epoch: number;
    }
  /** The view settled: camera, window, slab; small JSON without free text. */
  | {
      readonly type: "SessionViewSaved";
      readonly session: SessionId;
      readonly epoch: number;
      readonly view: Json;
    }
  /** An annotation's body may hold words about the patient, so it lies in the object store; null: it was taken away. */
  | {
      readonly type: "SessionAnnotated";
      readonly session: SessionId;
      readonly epoch: number;
      readonly annotation: Uuid;
      readonly body: Digest | null;
    }
  | {
      readonly type: "SessionMoved";
      readonly session: SessionId;
      readonly epoch: number;
      readonly host: SessionHost;
      readonly standby: SessionHost | null;
      readonly reason: "node-lost" | "site-lost" | "drain" | "rebalance";
    }
  | {
      readonly type: "SessionClosed";
      readonly session: SessionId;
      readonly epoch: number;
      readonly reason: "by-user" | "idle" | "revoked";
    };
