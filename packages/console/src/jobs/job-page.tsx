/** One job: its results to look at, its deliveries, its events in order. */
import { Anchor, Image, List, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { JobView } from "../app/answers.ts";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import { shortId, useFormat } from "../app/format.ts";
import { CommandButton } from "../app/command-button.tsx";
import { StatusBadge } from "../app/status-badge.tsx";
import { useApplicationTitle } from "../app/use-application-title.ts";
import { trpc } from "../app/trpc.ts";
import { hrefOf } from "../app/use-route.ts";
import { DeliveryTable } from "../deliveries/deliveries-page.tsx";
import { EventTable } from "../events/events-page.tsx";
import { useSaid } from "../french/use-said.ts";
import { JobMeasurements } from "../results/job-measurements.tsx";

export function JobPage({ job }: { readonly job: string }) {
  const { t } = useTranslation();
  const question = useQuery(trpc.jobs.get.queryOptions({ job }));
  return (
    <Stack>
      <Anchor href={hrefOf("jobs")}>← {t("back")}</Anchor>
      <Answer question={question}>
        {({ job: view, events, deliveries, elsewhere }) => (
          <>
            <Summary job={view} />
            {elsewhere.map((other) => (
              <Elsewhere key={other.home} job={other} />
            ))}
            {view.home === null ? <Actions job={view} /> : null}
            <JobMeasurements job={view} />
            <Pictures job={view} />
            {deliveries.length > 0 ? <DeliveryTable deliveries={deliveries} /> : null}
            <Title order={3} size="h4">
              {t("history")}
            </Title>
            <EventTable events={events} />
          </>
        )}
      </Answer>
    </Stack>
  );
}

function Summary({ job }: { readonly job: JobView }) {
  const { t } = useTranslation();
  const { milliseconds, moment } = useFormat();
  const titleOf = useApplicationTitle();
  const say = useSaid();
  const facts = [
    t(`priority_${job.priority}`),
    job.deadlineAtMs === null ? undefined : t("deadlineAt", { at: moment(job.deadlineAtMs) }),
    job.home === null ? undefined : t("ofLedger", { home: job.home }),
    job.node,
    job.site,
    job.engine,
    job.computeMs === undefined ? undefined : milliseconds(job.computeMs),
  ];
  return (
    <>
      <Title order={2} size="h3">
        {titleOf(job.application)} {shortId(job.job)} <StatusBadge status={job.status} />
      </Title>
      <Text c="dimmed">{facts.filter((fact) => fact !== undefined).join(" · ")}</Text>
      {job.reason ? (
        <Text role="note">
          {t("reason")}: {job.putOff ? t(`putOff_${job.putOff}`) : say(job.reason)}
        </Text>
      ) : null}
      {job.remarks.length > 0 ? (
        <List size="sm" aria-label={t("remarks")}>
          {job.remarks.map((remark) => (
            <List.Item key={remark}>{say(remark)}</List.Item>
          ))}
        </List>
      ) : null}
    </>
  );
}

/** The same job in the ledger of a site that writes its own: which completion counts is in the statuses. */
function Elsewhere({ job }: { readonly job: JobView }) {
  const { t } = useTranslation();
  const say = useSaid();
  if (job.home === null) return null; // this ledger's own is what the page shows
  return (
    <Text role="note">
      {t("alsoInLedger", { home: job.home })} <StatusBadge status={job.status} />{" "}
      {job.reason && say(job.reason)}
    </Text>
  );
}

function Pictures({ job }: { readonly job: JobView }) {
  const { t } = useTranslation();
  const say = useSaid();
  if (job.pictures.length === 0) return null;
  return (
    <>
      <Title order={3} size="h4">
        {t("results")}
      </Title>
      <Text c="dimmed" size="sm">
        {t("notForDiagnosis")}
      </Text>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {job.pictures.map(({ digest, title }) => (
          <a key={`${digest} ${title}`} href={`/pictures/${digest}`} target="_blank" rel="noreferrer">
            <Image src={`/pictures/${digest}`} alt={say(title)} loading="lazy" />
            <Text size="sm">{say(title)}</Text>
          </a>
        ))}
      </SimpleGrid>
    </>
  );
}

function Actions({ job: { job, status } }: { readonly job: JobView }) {
  const { t } = useTranslation();
  const retry = useMutation(trpc.jobs.retry.mutationOptions());
  const cancel = useMutation(trpc.jobs.cancel.mutationOptions());
  if (status === "waiting" || status === "running")
    return (
      <CommandButton
        label={t("cancelJob")}
        needs="jobs.cancel"
        command={cancel}
        onClick={() => cancel.mutate({ job })}
      />
    );
  if (status === "failed" || status === "cancelled")
    return (
      <CommandButton
        label={t("retryJob")}
        needs="jobs.retry"
        command={retry}
        onClick={() => retry.mutate({ job })}
      />
    );
  return null;
}
