/**
 * One attempt at one job: plan -> volume -> application -> DICOM -> store. It appends nothing: the claim before it and
 * the completion after it belong to the node's loop, so that an attempt can be dropped at any moment without a trace.
 */
import { catalogue } from "@releve/apps/catalogue";
import type { ApplicationResult } from "@releve/apps/application";
import type { DerivedOutput } from "@releve/dicom/derived/derived-output";
import { outputPicture } from "@releve/dicom/derived/output-picture";
import type { WrittenObject } from "@releve/dicom/derived/result-identity";
import { writeOutput } from "@releve/dicom/derived/write-output";
import { EXPLICIT_VR_LITTLE_ENDIAN } from "@releve/dicom/uids/transfer-syntaxes";
import type { Clock } from "@releve/domain/clock";
import type { Digest } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import type { KernelRunner } from "@releve/kernels/kernel-runner";
import type { JobRequest } from "@releve/ledger/events/job";
import type { Picture, StoredObject } from "@releve/ledger/events/stored-object";
import type { ObjectStore } from "@releve/store/object-store";
import { loadInput, type LoadedInput } from "./load-input.ts";
import { sourceReferences } from "./source-references.ts";

export type AttemptDeps = {
  /** Reads an object by digest, here or from another site; rejects when the attempt is aborted. */
  readonly readObject: (digest: Digest) => Promise<Uint8Array>;
  readonly store: ObjectStore;
  readonly runner: KernelRunner;
  readonly clock: Clock;
  /** What one volume may occupy, bytes; a larger one is refused with the numbers. */
  readonly volumeBudgetBytes: number;
  readonly softwareVersion: string;
};

export type AttemptResult = {
  readonly outputs: readonly StoredObject[];
  readonly pictures: readonly Picture[];
  readonly engine: string;
  readonly computeMs: number;
  readonly remarks: readonly string[];
};

/** Far above one derived image or one contact sheet: a result that reaches it is a bug, not a result. */
const outputBytesMax = 512 * 1024 * 1024;
const pictureBytesMax = 32 * 1024 * 1024;

/**
 * Computes the job and leaves its outputs, fsynced, in this site's store. Progress runs from 0 to 1.
 * @returns a Refusal where the application, the volume or the writer says no: the same input will be refused again.
 * @throws Fault for what another attempt may survive (an object that cannot be fetched, a full disk).
 */
export async function runAttempt(
  deps: AttemptDeps,
  job: JobRequest,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<AttemptResult | Refusal> {
  const application = catalogue.find(
    (app) => app.id === job.application && app.version === job.applicationVersion,
  );
  if (!application) {
    return refusal("APPLICATION_UNKNOWN", `this node has no ${job.application} ${job.applicationVersion}`);
  }
  const parameters = application.parameters.safeParse(job.parameters);
  if (!parameters.success)
    return refusal("PARAMETERS_INVALID", `${application.id} does not take these parameters`);
  const startedMs = deps.clock.nowMs();
  const inputs = await loadInputs(deps, job, signal, onProgress);
  if (isRefusal(inputs)) return inputs;
  const result = await application.compute({
    inputs,
    parameters: parameters.data,
    runner: deps.runner,
    signal,
    onProgress: (fraction) => onProgress(loadedShare + fraction * computedShare),
  });
  if (isRefusal(result)) return result;
  const computeMs = deps.clock.nowMs() - startedMs;
  const kept = await keepResult(deps, job, inputs, result);
  if (isRefusal(kept)) return kept;
  onProgress(1);
  return { ...kept, engine: result.engine, computeMs, remarks: result.remarks };
}

type Inputs = readonly [LoadedInput, ...LoadedInput[]];

/** All volumes together fit the budget, or the first that does not is refused with the numbers. */
async function loadInputs(
  deps: AttemptDeps,
  job: JobRequest,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Inputs | Refusal> {
  const plans = [job.plan, ...(job.otherPlans ?? [])];
  const inputs: LoadedInput[] = [];
  let budgetBytes = deps.volumeBudgetBytes;
  for (const digest of plans) {
    const input = await loadInput(deps.readObject, digest, { budgetBytes, signal });
    if (isRefusal(input)) return input;
    inputs.push(input);
    budgetBytes -= input.volume.voxels.values.byteLength;
    onProgress(loadedShare * (inputs.length / plans.length));
  }
  return inputs as [LoadedInput, ...LoadedInput[]];
}

/** How much of the progress bar loading and computing take; writing has the rest. */
const loadedShare = 0.2;
const computedShare = 0.6;

async function keepResult(
  deps: AttemptDeps,
  job: JobRequest,
  inputs: Inputs,
  result: ApplicationResult,
): Promise<{ outputs: StoredObject[]; pictures: Picture[] } | Refusal> {
  const source = sourceOf(inputs);
  const outputs: StoredObject[] = [];
  const pictures: Picture[] = [];
  for (const output of result.outputs) {
    const written = writeOutput(output, result.outputs, source, {
      jobId: job.job,
      application: job.application,
      applicationVersion: job.applicationVersion,
      engine: result.engine,
      atMs: deps.clock.nowMs(),
      softwareVersion: deps.softwareVersion,
    });
    if (isRefusal(written)) return written;
    for (const object of written) outputs.push(await keepObject(deps.store, object));
    const first = written[0];
    const picture = outputPicture(output);
    if (first && picture)
      pictures.push(await keepPicture(deps.store, picture, output, first.seriesInstanceUid));
  }
  return { outputs, pictures };
}

/** The result belongs to the first volume's study, frame of reference and patient; it refers to the objects of all. */
function sourceOf(inputs: Inputs) {
  const [{ attributes, transferSyntaxUid, plan }] = inputs;
  return {
    attributes,
    transferSyntaxUid,
    sources: sourceReferences(inputs.map((input) => input.plan)),
    studyInstanceUid: plan.studyInstanceUid,
    ...(plan.frameOfReferenceUid === undefined ? {} : { frameOfReferenceUid: plan.frameOfReferenceUid }),
    modality: plan.modality,
    sopClassUid: plan.sopClassUid,
  };
}

async function keepObject(store: ObjectStore, object: WrittenObject): Promise<StoredObject> {
  const { digest, bytes } = await store.put(object.bytes, { maxBytes: outputBytesMax });
  return {
    digest,
    bytes,
    sopClassUid: object.sopClassUid,
    sopInstanceUid: object.sopInstanceUid,
    seriesInstanceUid: object.seriesInstanceUid,
    transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
  };
}

async function keepPicture(
  store: ObjectStore,
  picture: Uint8Array,
  output: DerivedOutput,
  seriesInstanceUid: string,
): Promise<Picture> {
  const { digest } = await store.put(picture, { maxBytes: pictureBytesMax });
  return { digest, seriesInstanceUid, title: output.seriesDescription };
}
