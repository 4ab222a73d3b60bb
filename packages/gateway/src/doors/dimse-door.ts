/** The DIMSE door: C-ECHO and C-STORE over TCP, every storage SOP class, every transfer syntax, kept as received. */
import { part10Prefix } from "@releve/dicom/data-set/write-part10";
import { acceptStorageContext } from "@releve/dicom/dimse/accept-context";
import { statusCode } from "@releve/dicom/dimse/dimse-status";
import {
  startScp,
  type Admission,
  type Caller,
  type Scp,
  type ScpLimits,
  type ScpOptions,
} from "@releve/dicom/dimse/scp";
import type { StoreRequest } from "@releve/dicom/dimse/serve-store";
import { admissionBy, type Peer } from "../intake/admission.ts";
import type { Intake } from "../intake/open-intake.ts";
import type { Arrival } from "../intake/receive-object.ts";
import { dimseStatusOf } from "./dimse-status-of.ts";

export type DimseDoorOptions = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Callers must call this AE title; undefined takes any. */
  readonly aeTitle?: string;
  readonly peers: readonly Peer[];
  readonly limits?: Partial<Omit<ScpLimits, "maxObjectBytes">>;
  readonly tls?: ScpOptions["tls"];
  readonly onEvent?: ScpOptions["onEvent"];
};

const defaultLimits: Omit<ScpLimits, "maxObjectBytes"> = {
  maxAssociations: 16,
  maxPduBytes: 128 * 1024,
  idleMs: 60_000,
  artimMs: 10_000,
};

/** @throws RangeError for a peer list with a mistake; the listener's error, such as EADDRINUSE. */
export function openDimseDoor(intake: Intake, options: DimseDoorOptions): Promise<Scp> {
  const { host, port, tls, onEvent } = options;
  return startScp({
    host,
    port,
    limits: { ...defaultLimits, ...options.limits, maxObjectBytes: intake.maxObjectBytes },
    admit: admitter(options.peers, options.aeTitle),
    acceptContext: acceptStorageContext,
    handlers: {
      echo: () => ({ status: statusCode.success }),
      store: async (request, dataSet) => dimseStatusOf(await intake.receive(arrivalOf(request, dataSet))),
    },
    ...(tls ? { tls } : {}),
    ...(onEvent ? { onEvent } : {}),
  });
}

function admitter(peers: readonly Peer[], aeTitle: string | undefined): (caller: Caller) => Admission {
  const refuses = admissionBy(peers);
  return (caller) => {
    if (refuses(caller)) return { rejected: "calling-ae-title-not-recognized" };
    if (aeTitle !== undefined && caller.calledAeTitle !== aeTitle)
      return { rejected: "called-ae-title-not-recognized" };
    return "admitted";
  };
}

/** A data set travels without its file meta group: the one written in front of it holds what the message announced. */
function arrivalOf(request: StoreRequest, dataSet: AsyncIterable<Uint8Array>): Arrival {
  const { sopClassUid, sopInstanceUid, transferSyntaxUid, callingAeTitle } = request;
  const header = {
    sopClassUid,
    sopInstanceUid,
    transferSyntaxUid,
    sourceApplicationEntityTitle: callingAeTitle,
  };
  return {
    chunks: dataSet,
    part10Prefix: part10Prefix(header),
    announced: { sopClassUid, sopInstanceUid },
    door: "dimse",
    callingAeTitle,
  };
}
