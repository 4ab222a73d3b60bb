/** The summary as sentences for the terminal. Pure. */
import type { StudyView } from "@releve/ledger/views/study-view";
import type { Summary } from "./summary.ts";

export function reportLines(summary: Summary, outDir: string): string[] {
  const { sent, studies, jobs, failover, problems, ok } = summary;
  const refused = sent.flatMap((file) =>
    file.outcome === "refused" ? [`refused: ${file.file}: ${file.reason}`] : [],
  );
  const done = jobs.map(
    (job) =>
      `${job.application} ${job.status} by ${job.node ?? "nobody"}, ${job.attempts} attempts, ${job.results.length} objects`,
  );
  return [
    ...refused,
    ...studies.flatMap(studyLines),
    ...done,
    ...(failover
      ? [`failover: ${failover.killedNode} -> ${failover.finishedBy}, gap ${failover.gapMs} ms`]
      : []),
    ...problems.map((problem) => `PROBLEM: ${problem}`),
    `${ok ? "all of it happened" : "not all of it happened"}; results and summary.json are in ${outDir}`,
  ];
}

function studyLines({ series, decisions }: StudyView): string[] {
  return [
    ...series.map(({ modality, objectCount, volumes, leftOut }) => {
      const held = volumes.map(({ slices, findings }) => `${slices} slices ${findings.join(" ")}`.trim());
      const left = [...new Set(leftOut.map(({ code }) => code))].join(", ");
      return `series ${modality} of ${objectCount}: ${held.join("; ") || "no volume"}${left && ` (left out: ${left})`}`;
    }),
    ...decisions.flatMap(({ application, refused }) =>
      refused ? [`${application}: ${refused.reason}`] : [],
    ),
  ];
}
