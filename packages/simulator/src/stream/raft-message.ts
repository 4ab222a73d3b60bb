/** What the replicas of the stream say to each other. */
import type { StoredEntry } from "./replica-disk.ts";

export type RaftMessage = { readonly from: number; readonly term: number } & (
  | { readonly kind: "ask-vote"; readonly length: number; readonly lastTerm: number }
  | { readonly kind: "vote"; readonly granted: boolean }
  | {
      readonly kind: "append";
      readonly before: number;
      readonly beforeTerm: number;
      readonly entries: readonly StoredEntry[];
      readonly committed: number;
      /** False: only tells what is committed. */
      readonly answer: boolean;
    }
  | { readonly kind: "appended"; readonly ok: boolean; readonly length: number }
  /** The leader hands over: whoever gets this stands for election at once. */
  | { readonly kind: "stand" }
);

export type Unsigned<Message> = Message extends RaftMessage ? Omit<Message, "from" | "term"> : never;
