/** What lies in the sites' object stores under the digests that the ledger names. Read as files: no part of the product is asked. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dataSetDigest } from "@releve/dicom/data-set/object-digests";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { digestOf, type Digest } from "@releve/domain/ids";
import type { StoredCopy } from "../invariants/run-evidence.ts";

type SiteFolder = { readonly site: string; readonly dataDir: string };

export async function storedCopies(
  sites: readonly SiteFolder[],
  digests: readonly Digest[],
): Promise<Map<Digest, StoredCopy[]>> {
  const copies = new Map<Digest, StoredCopy[]>();
  for (const digest of new Set(digests)) {
    const found = await Promise.all(sites.map((site) => copyAt(site, digest)));
    copies.set(
      digest,
      found.filter((copy) => copy !== undefined),
    );
  }
  return copies;
}

async function copyAt({ site, dataDir }: SiteFolder, digest: Digest): Promise<StoredCopy | undefined> {
  const path = join(dataDir, "store", "objects", digest.slice(0, 2), digest);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return bytes && { site, bytes: digestOf(bytes), dataSet: dataSetDigest(parseDicom(bytes)) };
}
