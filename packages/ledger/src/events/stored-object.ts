/** What events name of the object store: by digest, with the DICOM UIDs. */
import type { Digest } from "@releve/domain/ids";

export type StoredObject = {
  readonly digest: Digest;
  readonly bytes: number;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly transferSyntaxUid: string;
};

/** A picture of a result for people, PNG, in the object store. */
export type Picture = { readonly digest: Digest; readonly seriesInstanceUid: string; readonly title: string };
