/** Who a process is on the network: PEM files, the key readable by its owner alone. Both ends of a link show theirs. */
export type TlsFiles = {
  readonly certFile: string;
  readonly keyFile: string;
  /** The certificates that the other end must be signed by. */
  readonly caFile: string;
};
