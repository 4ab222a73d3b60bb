/** One study: what each series became, what each application said, and the jobs. */
import { Anchor, List, Stack, Table, Text, Title } from "@mantine/core";
import type { SettledSeries, StudyView } from "../app/answers.ts";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import { shortId } from "../app/format.ts";
import { StatusBadge } from "../app/status-badge.tsx";
import { useLanguage } from "../app/use-language.ts";
import { useApplicationTitle } from "../app/use-application-title.ts";
import { trpc } from "../app/trpc.ts";
import { hrefOf } from "../app/use-route.ts";
import { useSaid } from "../french/use-said.ts";
import { AskForApplication } from "../requests/ask-for-application.tsx";
import { JobTable } from "../jobs/jobs-page.tsx";
import { OpenVolume } from "../session/open-volume.tsx";
import { findingName } from "./finding-names.ts";
import { Room, Safety } from "./studies-page.tsx";

export function StudyPage({ study }: { readonly study: string }) {
  const { t } = useTranslation();
  const question = useQuery(trpc.studies.get.queryOptions({ study }));
  const jobs = useQuery(trpc.jobs.list.queryOptions({ study }));
  return (
    <Stack>
      <Anchor href={hrefOf("studies")}>← {t("back")}</Anchor>
      <Answer question={question}>
        {(view) => (
          <>
            <Title order={2} size="h3">
              {t("study")} {shortId(view.study)} <StatusBadge status={view.status} />
            </Title>
            <Room study={view} />
            <Text c="dimmed">
              {t("revision")} {view.revision}
            </Text>
            <Copies view={view} />
            <SeriesTable view={view} />
            <AskForApplication study={view.study} />
          </>
        )}
      </Answer>
      <Title order={3} size="h4">
        {t("jobs")}
      </Title>
      <Answer question={jobs} empty={{ when: (list) => list.length === 0, text: t("noJobs") }}>
        {(list) => <JobTable jobs={list} />}
      </Answer>
    </Stack>
  );
}

/** Which further site holds how many of the objects. */
function Copies({ view }: { readonly view: StudyView }) {
  const { t } = useTranslation();
  const held = Object.entries(view.replicas).map(([site, count]) => `${site}: ${count}`);
  return (
    <Text size="sm" component="div">
      {t("safetyIs")} <Safety study={view} />{" "}
      {held.length > 0 ? t("copiesAt", { held: held.join(", ") }) : null}
    </Text>
  );
}

function SeriesTable({ view }: { readonly view: StudyView }) {
  const { t } = useTranslation();
  const say = useSaid();
  return (
    <Table>
      <Table.Caption>{t("series")}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("modality")}</Table.Th>
          <Table.Th>{t("objects")}</Table.Th>
          <Table.Th>{t("volumes")}</Table.Th>
          <Table.Th>{t("leftOut")}</Table.Th>
          <Table.Th>{t("decision")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {view.series.map((series) => (
          <Table.Tr key={series.seriesInstanceUid}>
            <Table.Td>{series.modality}</Table.Td>
            <Table.Td>{series.objectCount}</Table.Td>
            <Table.Td>
              <Volumes study={view.study} series={series} />
            </Table.Td>
            <Table.Td>{leftOutSummary(series, say)}</Table.Td>
            <Table.Td>
              <Decisions view={view} series={series} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Volumes({ study, series }: { readonly study: string; readonly series: SettledSeries }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (series.volumes.length === 0) return <Text c="dimmed">{t("noVolume")}</Text>;
  return (
    <List size="sm">
      {series.volumes.map((volume) => (
        <List.Item key={volume.plan}>
          {t("slices", { count: volume.slices })}{" "}
          {volume.findings.map((code) => findingName(code, language)).join(", ")}{" "}
          <OpenVolume study={study} plan={volume.plan} />
        </List.Item>
      ))}
    </List>
  );
}

/** Each reason once, with how many objects it concerns. */
function leftOutSummary({ leftOut }: SettledSeries, say: (english: string) => string): string {
  const counts = Map.groupBy(leftOut, ({ reason }) => reason);
  return [...counts].map(([reason, objects]) => `${objects.length} × ${say(reason)}`).join(" ");
}

function Decisions({ view, series }: { readonly view: StudyView; readonly series: SettledSeries }) {
  const { t } = useTranslation();
  const titleOf = useApplicationTitle();
  const say = useSaid();
  const plans = new Set(series.volumes.map(({ plan }) => plan));
  return (
    <List size="sm">
      {view.decisions
        .filter(({ plan }) => plans.has(plan))
        .map(({ plan, application, jobs, refused }) => (
          <List.Item key={`${plan} ${application}`}>
            {titleOf(application)}:{" "}
            {refused ? say(refused.reason) : t("jobsRequested", { count: jobs.length })}
          </List.Item>
        ))}
    </List>
  );
}
