/**
 * Every malformed and every odd file comes to the outcome that malformed-read.table.json names: refused with the fault's
 * code, or read, and then its first frame decoded or refused with a code. A changed line is a decision, not a surprise.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isRefusal } from "@releve/domain/refusal";
import { sharedData } from "@releve/testkit/shared-data";
import { expect, test } from "vitest";
import { parseDicom } from "../data-set/parse-dicom.ts";
import { DicomFault } from "../faults.ts";
import { decodeFrame } from "./decode-frame.ts";

const table = JSON.parse(
  readFileSync(new URL("malformed-read.table.json", import.meta.url), "utf8"),
) as Record<string, Record<string, string>>;

async function outcome(bytes: Uint8Array): Promise<string> {
  try {
    const object = parseDicom(bytes);
    const frame = await decodeFrame(object, 0);
    const notes = object.warnings.length > 0 ? ", with warnings" : "";
    return isRefusal(frame) ? `read${notes}, no pixels: ${frame.refused}` : `read${notes}`;
  } catch (fault) {
    if (!(fault instanceof DicomFault)) throw fault;
    return `refused: ${fault.code}`;
  }
}

function filesOf(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true }) as string[];
  return names
    .filter((name) => !/\.(md|json)$/.test(name) && statSync(join(folder, name)).isFile())
    .toSorted();
}

const folders = ["synthetic-truth/malformed", "oddities-real"].map(
  (name) => [name, sharedData(name)] as const,
);

test.skipIf(!folders[0]![1]).each(folders)("%s", async (name, folder) => {
  const found: Record<string, string> = {};
  for (const path of filesOf(folder!)) found[path] = await outcome(readFileSync(join(folder!, path)));
  expect(found).toEqual(table[name]);
});
