/** What happens to a reconstruction node. */
import type { NodeId, SiteId } from "@releve/domain/ids";

/** What came of one kernel's test on a known object. */
export type KernelTested = {
  readonly kernel: string;
  /** What ran, with the reason where it is not what the node was set up for. */
  readonly engine: string;
  readonly ok: boolean;
  /** The largest deviation from the known answer; null where there is no number, and then there is a reason. */
  readonly worst: number | null;
  readonly tolerance: number;
  readonly reason: string | null;
};

export type NodeEvent =
  | {
      readonly type: "NodeJoined";
      readonly node: NodeId;
      readonly site: SiteId;
      readonly slots: number;
      readonly engine: string;
      /** What a job's `needBytes` is held against; null where the node did not say. */
      readonly memoryBytes: number | null;
      readonly incarnation?: string;
    }
  /** In the commit of its join: what its kernels gave on known objects. It takes no job that needs one that is not right. */
  | {
      readonly type: "NodeSelfTested";
      readonly node: NodeId;
      readonly site: SiteId;
      readonly kernels: readonly KernelTested[];
    }
  /** It finishes what it holds, claims nothing more, and leaves. */
  | { readonly type: "NodeDraining"; readonly node: NodeId; readonly site: SiteId; readonly reason: string }
  /** The drain was taken back before the node left. */
  | { readonly type: "NodeResumed"; readonly node: NodeId; readonly site: SiteId }
  | {
      readonly type: "NodeLost";
      readonly node: NodeId;
      readonly site: SiteId;
      readonly silentMs: number;
      readonly incarnation?: string;
    }
  | { readonly type: "NodeLeft"; readonly node: NodeId; readonly site: SiteId };
