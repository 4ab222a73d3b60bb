/** dcmtk's storescu sends real objects of many transfer syntaxes: each is kept as it was received. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readFileMeta } from "@releve/dicom/data-set/file-meta";
import { attributesDigest, pixelDigest } from "@releve/dicom/data-set/object-digests";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { sharedData } from "@releve/testkit/shared-data";
import { expect, test } from "vitest";
import { loopbackPeers } from "../intake/admission.ts";
import { temporaryIntake } from "../intake/intake.fixture.ts";
import { openDimseDoor } from "./dimse-door.ts";

const run = promisify(execFile);
const folder = sharedData("transfer-syntaxes");

/** storescu's option that proposes each transfer syntax; it knows no HTJ2K. */
const proposals = {
  "1.2.840.10008.1.2": "-xi",
  "1.2.840.10008.1.2.1": "-xe",
  "1.2.840.10008.1.2.2": "-xb",
  "1.2.840.10008.1.2.1.99": "-xd",
  "1.2.840.10008.1.2.5": "-xr",
  "1.2.840.10008.1.2.4.50": "-xy",
  "1.2.840.10008.1.2.4.51": "-xx",
  "1.2.840.10008.1.2.4.70": "-xs",
  "1.2.840.10008.1.2.4.80": "-xt",
  "1.2.840.10008.1.2.4.81": "-xu",
  "1.2.840.10008.1.2.4.90": "-xv",
  "1.2.840.10008.1.2.4.91": "-xw",
} as const;

function filesOf(transferSyntaxUid: string): string[] {
  const all = (readdirSync(folder!, { recursive: true }) as string[]).filter((name) => name.endsWith(".dcm"));
  const paths = all.map((name) => join(folder!, name));
  return paths.filter(
    (path) => readFileMeta(readFileSync(path)).attributes.string("TransferSyntaxUID") === transferSyntaxUid,
  );
}

/**
 * Sends one file to a gateway of its own: over several transfer syntaxes the files are the same object, of which the first
 * one is kept.
 */
async function sentAndKept(path: string, option: string) {
  const at = await temporaryIntake();
  const scp = await openDimseDoor(at.intake, { host: "127.0.0.1", port: 0, peers: loopbackPeers });
  try {
    await run("storescu", ["-aec", "RELEVE", option, "127.0.0.1", String(scp.port), path]);
    const [instance] = (await at.intake.catalogue.current()).instances();
    return parseDicom(await at.intake.store.read(instance!.entry.digest));
  } finally {
    await scp.close(1_000);
    await at.close();
  }
}

const content = async (object: ReturnType<typeof parseDicom>) =>
  `${object.transferSyntaxUid} ${attributesDigest(object)} ${await pixelDigest(object)}`;

test.skipIf(!folder).each(Object.entries(proposals))("%s is kept as received", async (syntax, option) => {
  const files = filesOf(syntax);
  expect(files.length).toBeGreaterThan(0);
  for (const path of files)
    expect(await content(await sentAndKept(path, option))).toBe(
      await content(parseDicom(readFileSync(path))),
    );
});
