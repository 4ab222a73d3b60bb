/** The numbers of a completed job, from the reports that were stored. */
import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import type { JobView } from "../app/answers.ts";
import { trpc } from "../app/trpc.ts";
import { useMay } from "../app/use-may.ts";
import { MeasurementTable } from "./measurement-table.tsx";

const comprehensiveSr = "1.2.840.10008.5.1.4.1.1.88.33";

/** What is stored under a job's name never changes: it is asked for once. */
export function JobMeasurements({ job }: { readonly job: JobView }) {
  const { t } = useTranslation();
  const may = useMay();
  const hasReport =
    may("jobs.measurements") && job.outputs.some(({ sopClassUid }) => sopClassUid === comprehensiveSr);
  const question = useQuery(
    trpc.jobs.measurements.queryOptions({ job: job.job }, { enabled: hasReport, staleTime: Infinity }),
  );
  if (!hasReport) return null;
  return (
    <>
      <Title order={3} size="h4">
        {t("measurements")}
      </Title>
      <Answer question={question}>
        {(reports) =>
          reports.map((report) => <MeasurementTable key={report.sopInstanceUid} report={report} />)
        }
      </Answer>
    </>
  );
}
