/** Phantom or real files as splitSeries and loadVolume take them. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "@releve/domain/ids";
import type { SeriesDecision } from "@releve/domain/series-split";
import { parseDicom } from "../data-set/parse-dicom.ts";
import type { SeriesObject } from "./object-summary.ts";
import { splitSeries } from "./split-series.ts";

export type Bytes = { readonly bytes: Uint8Array };

export function seriesObjects(files: readonly Bytes[]): SeriesObject[] {
  return files.map(({ bytes }) => ({ digest: digestOf(bytes), object: parseDicom(bytes) }));
}

export function split(files: readonly Bytes[]): SeriesDecision {
  return splitSeries(seriesObjects(files));
}

export function readerOf(files: readonly Bytes[]): (digest: string) => Promise<Uint8Array> {
  const byDigest = new Map<string, Uint8Array>(files.map(({ bytes }) => [digestOf(bytes), bytes]));
  return (digest) => Promise.resolve(byDigest.get(digest)!);
}

const notDicom = /\.(md|json|tsv|csv)$/;

/** Every DICOM file below a folder, in the order of their names. */
export function filesBelow(folder: string): Bytes[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .toSorted()
    .map((name) => join(folder, name))
    .filter((path) => !notDicom.test(path) && statSync(path).isFile())
    .map((path) => ({ bytes: new Uint8Array(readFileSync(path)) }));
}

/** One decision for each series below a folder, in the order in which they come. */
export function splitFolder(folder: string): SeriesDecision[] {
  const objects = seriesObjects(filesBelow(folder));
  return [...Map.groupBy(objects, ({ object }) => object.seriesInstanceUid).values()].map(splitSeries);
}

export function codes(of: readonly { readonly code: string }[]): string[] {
  return of.map(({ code }) => code);
}
