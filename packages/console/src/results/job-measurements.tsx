/** What came of a completed job: the application's own summary, and every number of the reports that were stored. */
import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import type { JobView, MeasurementReport } from "../app/answers.ts";
import { trpc } from "../app/trpc.ts";
import { useLanguage } from "../app/use-language.ts";
import { useMay } from "../app/use-may.ts";
import { usePanel } from "../app/use-panel.ts";
import { useSaid } from "../french/use-said.ts";
import { MeasurementTable } from "./measurement-table.tsx";
import { curveSets, withoutCurves } from "./report-curves.ts";

const comprehensiveSr = "1.2.840.10008.5.1.4.1.1.88.33";

/** What is stored under a job's name never changes: it is asked for once. */
export function JobMeasurements({ job }: { readonly job: JobView }) {
  const { t } = useTranslation();
  const may = useMay()("jobs.measurements");
  const hasReport = job.outputs.some(({ sopClassUid }) => sopClassUid === comprehensiveSr);
  const question = useQuery(
    trpc.jobs.measurements.queryOptions({ job: job.job }, { enabled: hasReport && may, staleTime: Infinity }),
  );
  if (!may || job.status !== "completed") return null;
  if (!hasReport) return <Summary job={job} reports={[]} />;
  return (
    <Answer question={question}>
      {(reports) => (
        <>
          <Summary job={job} reports={reports.map(withoutCurves)} />
          <Title order={3} size="h4">
            {t("measurements")}
          </Title>
          {reports.map((report) => (
            <MeasurementTable key={report.sopInstanceUid} report={withoutCurves(report)} />
          ))}
          <Curves reports={reports} />
        </>
      )}
    </Answer>
  );
}

/** Nobody loads the charts whose result has no curve. */
const CurveChart = lazy(async () => ({ default: (await import("./curve-chart.tsx")).CurveChart }));

function Curves({ reports }: { readonly reports: readonly MeasurementReport[] }) {
  const { t } = useTranslation();
  const sets = useMemo(() => reports.flatMap((report) => curveSets(report)), [reports]);
  if (sets.length === 0) return null;
  return (
    <>
      <Title order={3} size="h4">
        {t("curves")}
      </Title>
      <Suspense fallback={t("loading")}>
        {sets.map((set) => (
          <CurveChart key={`${set.y.concept.codeValue} ${set.x.concept.codeValue}`} set={set} />
        ))}
      </Suspense>
    </>
  );
}

type SummaryProps = { readonly job: JobView; readonly reports: readonly MeasurementReport[] };

function Summary({ job, reports }: SummaryProps) {
  const { Summary: Own } = usePanel(job.application);
  const language = useLanguage();
  const say = useSaid();
  if (!Own) return null;
  const pictures = job.pictures.map(({ digest, title }) => ({ title, href: `/pictures/${digest}` }));
  return <Own language={language} reports={reports} remarks={job.remarks} pictures={pictures} say={say} />;
}
