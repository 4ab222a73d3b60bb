/**
 * A series of 500 compressed slices from disk to stored values: ours with one and with two frames under way, beside gdcm and dcmtk
 * with as many processes. Files are read by all of them, and are in the system's cache.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRefusal } from "@releve/domain/refusal";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { decodeFrame } from "@releve/dicom/pixels/decode-frame";
import { benchRow, median, type BenchRow } from "./bench-row.ts";
import { dcmtk, decodersAbsent, gdcm, type DecodePeer, type Spent } from "./decode-peers.ts";
import { edge, seriesSlice, sliceCount, writeSeries, type SeriesCodec } from "./decode-series.ts";

const runs = 2;
const threadCounts = [1, 2] as const;

/** Debian's gdcm 3.0 and dcmtk 3.6 know no HTJ2K. */
const peersOf: Readonly<Record<SeriesCodec, readonly DecodePeer[]>> = { "JPEG-LS": [gdcm, dcmtk], HTJ2K: [] };

export async function decodeBench(): Promise<BenchRow[]> {
  const dir = await mkdtemp(join(tmpdir(), "releve-bench-"));
  try {
    const rows: BenchRow[] = [];
    for (const codec of ["JPEG-LS", "HTJ2K"] as const) {
      const files = await writeSeries(join(dir, codec), codec);
      rows.push(...(await codecRows(codec, files, join(dir, codec))));
    }
    return rows;
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function codecRows(codec: SeriesCodec, files: readonly string[], dir: string): Promise<BenchRow[]> {
  // The first frames start the codecs' threads, and are checked.
  await decodeSeries(files.slice(0, 20), 2, true);
  const peers = peersOf[codec].map((peer) => ({ peer, there: peer.isThere() }));
  const made = threadCounts.map((threads) => ({
    threads,
    ours: [] as Spent[],
    theirs: peers.map((): Spent[] => []),
  }));
  for (let run = 0; run < runs; run++)
    for (const { threads, ours, theirs } of made) {
      ours.push(await decodeSeries(files, threads, false));
      for (const [index, { peer, there }] of peers.entries())
        if (there) theirs[index]!.push(peer.decode(dir, threads));
    }
  const series = `${sliceCount} slices of ${edge} x ${edge}, ${codec}`;
  const beside = made.flatMap(({ threads, ours, theirs }) => {
    const metric = `${series}, ${threads} at once`;
    report(`${metric}: ours`, ours);
    if (peers.length === 0) {
      const withoutPeer = "know no HTJ2K in Debian's versions";
      return [benchRow({ metric, unit: "ms", peerName: "gdcm and dcmtk", withoutPeer }, passed(ours), [])];
    }
    return peers.map(({ peer, there }, index) => {
      report(`${metric}: ${peer.name}`, theirs[index]!);
      const absent = there ? {} : { withoutPeer: decodersAbsent };
      const what = { metric, unit: "ms", peerName: peer.name, ...absent };
      return benchRow(what, passed(ours), passed(theirs[index]!));
    });
  });
  const [one, two] = made;
  const scaling = { metric: `${series}, two at once beside one`, unit: "ms", peerName: "ours, one at once" };
  return [...beside, benchRow(scaling, passed(two!.ours), passed(one!.ours))];
}

const passed = (spent: readonly Spent[]) => spent.map(({ ms }) => ms);

function report(what: string, spent: readonly Spent[]): void {
  const known = spent.flatMap(({ cpuMs }) => (cpuMs === undefined ? [] : [cpuMs]));
  if (known.length === 0) return;
  const own = spent.flatMap(({ mainMs }) => (mainMs === undefined ? [] : [mainMs]));
  const main = own.length > 0 ? `, of which ${(median(own) / 1000).toFixed(1)} s do not divide` : "";
  process.stdout.write(`${what} took ${(median(known) / 1000).toFixed(1)} s of the processors${main}\n`);
}

/** @throws Error when a frame is not what was encoded. */
async function decodeSeries(files: readonly string[], threads: number, checked: boolean): Promise<Spent> {
  const [startedMs, cpu, main] = [performance.now(), process.cpuUsage(), process.threadCpuUsage()];
  const waiting = files.entries();
  const worker = async () => {
    for (const [index, file] of waiting) {
      const frame = await decodeFrame(parseDicom(await readFile(file)), 0);
      if (isRefusal(frame)) throw new Error(`slice ${index}: ${frame.refused}`);
      if (checked && Buffer.compare(bytesOf(frame.pixels), bytesOf(seriesSlice(index))) !== 0)
        throw new Error(`slice ${index} is not what was encoded`);
    }
  };
  await Promise.all(Array.from({ length: threads }, worker));
  const [all, own] = [process.cpuUsage(cpu), process.threadCpuUsage(main)];
  return {
    ms: performance.now() - startedMs,
    cpuMs: (all.user + all.system) / 1000,
    mainMs: (own.user + own.system) / 1000,
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray) =>
  new Uint8Array(buffer, byteOffset, byteLength);
