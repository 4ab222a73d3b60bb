/** All jobs, live: the latest first, with progress from the nodes' heartbeats. */
import { Anchor, Button, Group, Progress, Stack, Table, Text } from "@mantine/core";
import type { JobView } from "../app/answers.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import { shortId, useFormat } from "../app/format.ts";
import { StatusBadge } from "../app/status-badge.tsx";
import { useApplicationTitle } from "../app/use-application-title.ts";
import { trpc } from "../app/trpc.ts";
import { hrefOf } from "../app/use-route.ts";

export function JobsPage() {
  const { t } = useTranslation();
  const [status, setStatus] = useState<string>();
  const jobs = useQuery(trpc.jobs.list.queryOptions(status === undefined ? {} : { status }));
  const counts = useQuery(trpc.jobs.counts.queryOptions());
  return (
    <Stack>
      <Group role="group" aria-label={t("status")} gap="xs">
        {Object.entries(counts.data ?? {}).map(([name, count]) => (
          <Button
            key={name}
            size="compact-sm"
            variant={name === status ? "filled" : "default"}
            aria-pressed={name === status}
            onClick={() => setStatus(name === status ? undefined : name)}
          >
            <StatusBadge status={name} />
            &nbsp;{count}
          </Button>
        ))}
      </Group>
      <Answer question={jobs} empty={{ when: (list) => list.length === 0, text: t("noJobs") }}>
        {(list) => <JobTable jobs={list} />}
      </Answer>
    </Stack>
  );
}

export function JobTable({ jobs }: { readonly jobs: readonly JobView[] }) {
  const { t } = useTranslation();
  return (
    <Table striped highlightOnHover>
      <Table.Caption>{t("jobs")}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("job")}</Table.Th>
          <Table.Th>{t("application")}</Table.Th>
          <Table.Th>{t("status")}</Table.Th>
          <Table.Th>{t("priority")}</Table.Th>
          <Table.Th>{t("deadline")}</Table.Th>
          <Table.Th>{t("node")}</Table.Th>
          <Table.Th>{t("site")}</Table.Th>
          <Table.Th>{t("attempts")}</Table.Th>
          <Table.Th>{t("objects")}</Table.Th>
          <Table.Th>{t("computeTime")}</Table.Th>
          <Table.Th>{t("requested")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {jobs.map((job) => (
          <JobRow key={`${job.job} ${job.home}`} job={job} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function JobRow({ job }: { readonly job: JobView }) {
  const { t } = useTranslation();
  const { moment, milliseconds } = useFormat();
  const titleOf = useApplicationTitle();
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor href={hrefOf("jobs", job.job)}>{shortId(job.job)}</Anchor>
        {job.home === null ? null : <Text size="xs">{t("ofLedger", { home: job.home })}</Text>}
      </Table.Td>
      <Table.Td>{titleOf(job.application)}</Table.Td>
      <Table.Td>
        <StatusBadge status={job.status} />
        {job.status === "running" ? <JobProgress job={job.job} /> : null}
        {job.putOff ? <Text size="xs">{t(`putOff_${job.putOff}`)}</Text> : null}
      </Table.Td>
      <Table.Td>{t(`priority_${job.priority}`)}</Table.Td>
      <Table.Td>{job.deadlineAtMs === null ? null : moment(job.deadlineAtMs)}</Table.Td>
      <Table.Td>{job.node}</Table.Td>
      <Table.Td>{job.site}</Table.Td>
      <Table.Td>{job.attempts}</Table.Td>
      <Table.Td>{job.outputs.length}</Table.Td>
      <Table.Td>{job.computeMs === undefined ? "" : milliseconds(job.computeMs)}</Table.Td>
      <Table.Td>{moment(job.requestedAtMs)}</Table.Td>
    </Table.Tr>
  );
}

/** Heartbeats are not in the ledger, so nothing announces them: they are asked for while a job runs. */
function JobProgress({ job }: { readonly job: string }) {
  const { t } = useTranslation();
  const nodes = useQuery(trpc.nodes.list.queryOptions(undefined, { refetchInterval: 500 }));
  const fraction = nodes.data?.map(({ progress }) => progress[job]).find((value) => value !== undefined) ?? 0;
  return <Progress value={100 * fraction} size="xs" mt={4} aria-label={t("running")} />;
}
