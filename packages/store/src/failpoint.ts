/** Where a test may kill the process. In operation the port does nothing. */
export type StoreFailpoint =
  | "object-received"
  | "object-written"
  | "object-synced"
  | "object-renamed"
  | "object-committed"
  | "entry-written"
  | "entry-synced";

export type FailpointPort<Name extends string> = (name: Name) => void;

export const noFailpoint = (): void => {};
