import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import type { Association, DataSetBytes } from "@releve/dicom/dimse/association";
import type { Scp } from "@releve/dicom/dimse/scp";
import { openAssociation, verificationContext } from "@releve/dicom/dimse/scu";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loopbackPeers, type Peer } from "../intake/admission.ts";
import { phantomSlice, temporaryIntake, type TemporaryIntake } from "../intake/intake.fixture.ts";
import type { IntakeOptions } from "../intake/open-intake.ts";
import { openDimseDoor } from "./dimse-door.ts";

let at: TemporaryIntake;
let scp: Scp;
const stop = async () => {
  await scp.close(100);
  await at.close();
};
async function start(options: Partial<IntakeOptions> = {}, peers: readonly Peer[] = loopbackPeers) {
  at = await temporaryIntake(options);
  scp = await openDimseDoor(at.intake, { host: "127.0.0.1", port: 0, aeTitle: "RELEVE", peers });
}
beforeEach(() => start());
afterEach(stop);

const ct = "1.2.840.10008.5.1.4.1.1.2";
const explicit = "1.2.840.10008.1.2.1";

function associate(calledAeTitle = "RELEVE"): Promise<Association> {
  return openAssociation({
    host: "127.0.0.1",
    port: scp.port,
    callingAeTitle: "MODALITY",
    calledAeTitle,
    contexts: [verificationContext, { abstractSyntax: ct, transferSyntaxes: [explicit] }],
    maxPduBytes: 16_384,
    connectMs: 5_000,
    responseMs: 5_000,
  });
}

async function store(bytes: Uint8Array, more: { sopInstanceUid?: string; dataSet?: DataSetBytes } = {}) {
  const association = await associate();
  const object = parseDicom(bytes);
  const dataSet = object.bytes.subarray(object.dataSetOffset);
  const answer = await association.store({ ...object, transferSyntaxUid: explicit, dataSet, ...more });
  await association.release();
  return answer;
}

test("C-ECHO is answered, and the called AE title counts", async () => {
  const association = await associate();
  expect(await association.echo()).toEqual({ status: 0 });
  await association.release();
  await expect(associate("OTHER")).rejects.toMatchObject({ code: "DIMSE_REJECTED" });
});

test("an object arrives with its data set unchanged and says who sent it", async () => {
  const bytes = phantomSlice();
  expect(await store(bytes)).toEqual({ status: 0 });
  const [instance] = (await at.intake.catalogue.current()).instances();
  const kept = parseDicom(await at.intake.store.read(instance!.entry.digest));
  const dataSetOf = (object: ReturnType<typeof parseDicom>) =>
    Buffer.from(object.bytes.subarray(object.dataSetOffset));
  expect(dataSetOf(kept).equals(dataSetOf(parseDicom(bytes)))).toBe(true);
  expect(kept.warnings).toEqual([]);
  expect(instance!.entry).toMatchObject({
    door: "dimse",
    callingAeTitle: "MODALITY",
    transferSyntaxUid: explicit,
  });
});

test("the same and a revision succeed, other pixels are quarantined with a comment", async () => {
  const bytes = phantomSlice();
  await store(bytes);
  expect(await store(bytes)).toEqual({ status: 0 });
  expect(await store(phantomSlice({ PatientName: "PHANTOM^REVISED" }))).toEqual({ status: 0 });
  const other = Uint8Array.from(bytes);
  other[other.length - 2]! ^= 1;
  expect(await store(other)).toEqual({
    status: 0xc301,
    errorComment: "quarantined: other pixels under this SOP Instance UID",
  });
});

test("another instance than announced is A900, what is no data set C000", async () => {
  expect(await store(phantomSlice(), { sopInstanceUid: "1.2.3" })).toMatchObject({ status: 0xa900 });
  expect(await store(phantomSlice(), { dataSet: Buffer.from("no data set") })).toMatchObject({
    status: 0xc000,
  });
});

test("a full disk and an object above the limit are A700, and the association goes on", async () => {
  await stop();
  await start({ minFreeBytes: Number.MAX_SAFE_INTEGER });
  expect(await store(phantomSlice())).toMatchObject({ status: 0xa700 });
  await stop();
  await start({ maxObjectBytes: 1000 });
  const association = await associate();
  const object = parseDicom(phantomSlice());
  const dataSet = object.bytes.subarray(object.dataSetOffset);
  expect(await association.store({ ...object, dataSet })).toMatchObject({ status: 0xa700 });
  expect(await association.echo()).toEqual({ status: 0 });
  await association.release();
});

test("who is not listed is rejected", async () => {
  await stop();
  await start({}, [{ aeTitle: "CT1", addresses: ["127.0.0.1"] }]);
  await expect(associate()).rejects.toMatchObject({ code: "DIMSE_REJECTED" });
});
