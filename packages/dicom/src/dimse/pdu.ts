/**
 * The protocol data units of the DICOM upper layer, PS3.8 section 9.3, as values.
 * P-DATA-TF has no value of its own: it is read as slices of its fragments (pdu-decoder.ts) so that no PDU is held whole.
 */
export const pduType = {
  associateRequest: 0x01,
  associateAccept: 0x02,
  associateReject: 0x03,
  data: 0x04,
  releaseRequest: 0x05,
  releaseReply: 0x06,
  abort: 0x07,
} as const;

/** PS3.7 annex A.2.1: the only application context that DICOM defines. */
export const dicomApplicationContext = "1.2.840.10008.3.1.1.1";

export type RoleSelection = { readonly sopClassUid: string; readonly scu: boolean; readonly scp: boolean };

/** PS3.7 annex D.3.3. Extended negotiation and user identity are skipped when read and never written. */
export type UserInformation = {
  /** Longest P-DATA-TF variable field that its sender wants to receive, bytes; 0 means no limit. */
  readonly maxPduBytes: number;
  readonly implementationClassUid: string;
  readonly implementationVersionName?: string;
  readonly asyncOperations?: { readonly invoked: number; readonly performed: number };
  readonly roles: readonly RoleSelection[];
};

export type ProposedContext = {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
};

/** PS3.8 table 9-18: 0 acceptance, 1 user rejection, 2 no reason, 3 abstract syntax, 4 transfer syntaxes not supported. */
export type AnsweredContext = {
  readonly id: number;
  readonly result: number;
  /** Meaningless unless `result` is 0. */
  readonly transferSyntax: string;
};

type AssociateCommon = {
  /** A bit field: bit 0 is version 1, the only one. */
  readonly protocolVersion: number;
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  readonly applicationContext: string;
  readonly user: UserInformation;
};

export type AssociateRequest = AssociateCommon & {
  readonly kind: "associate-request";
  readonly contexts: readonly ProposedContext[];
};

export type AssociateAccept = AssociateCommon & {
  readonly kind: "associate-accept";
  readonly contexts: readonly AnsweredContext[];
};

export type AssociateReject = {
  readonly kind: "associate-reject";
  readonly result: number;
  readonly source: number;
  readonly reason: number;
};

/** source 0: the service user; 2: the service provider, whose reasons are in reasons.ts. */
export type Abort = { readonly kind: "abort"; readonly source: number; readonly reason: number };

export type Pdu =
  | AssociateRequest
  | AssociateAccept
  | AssociateReject
  | { readonly kind: "release-request" }
  | { readonly kind: "release-reply" }
  | Abort;

/** A slice of a presentation data value. `endsMessage`: the command set or data set is complete with this slice. */
export type FragmentSlice = {
  readonly kind: "fragment";
  readonly contextId: number;
  readonly isCommand: boolean;
  readonly endsMessage: boolean;
  readonly bytes: Uint8Array;
};
