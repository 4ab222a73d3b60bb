/** The PACS holds one result set per job, each with the data set that the completion recorded, and nothing else of the study. */
import type { HeldInstance, Invariant, RunEvidence } from "./run-evidence.ts";
import { effectiveOutputs } from "./effective-outputs.ts";

export const thePacsHoldsEachResultOnce: Invariant = (evidence) => {
  const { commits, studies, pacs } = evidence;
  const wanted = effectiveOutputs(commits).filter(({ study }) => studies.has(study));
  const held = Map.groupBy(pacs, ({ sopInstanceUid }) => sopInstanceUid);
  const named = new Set(wanted.flatMap(({ outputs }) => outputs.map(({ sopInstanceUid }) => sopInstanceUid)));
  return [
    ...wanted.flatMap(({ job, outputs }) =>
      outputs.flatMap((output) => problemOf(evidence, job, output, held.get(output.sopInstanceUid) ?? [])),
    ),
    ...pacs
      .filter(({ sopInstanceUid }) => !named.has(sopInstanceUid))
      .map(({ study }) => `the PACS holds an object of study ${study} that no completion names`),
  ];
};

function problemOf(
  { stored }: RunEvidence,
  job: string,
  output: { readonly digest: string },
  held: readonly HeldInstance[],
): string[] {
  const [instance] = held;
  if (!instance) return [`the PACS lacks a result of job ${job}`];
  if (held.length > 1) return [`the PACS holds a result of job ${job} ${held.length} times`];
  const copies = [...stored].find(([digest]) => digest === output.digest)?.[1] ?? [];
  const recorded = copies.find(({ bytes }) => bytes === output.digest);
  if (!recorded) return [`no store holds the recorded result ${output.digest} of job ${job}`];
  return recorded.dataSet === instance.dataSet
    ? []
    : [`the PACS holds another data set than the recorded result ${output.digest} of job ${job}`];
}
