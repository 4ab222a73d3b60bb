/** The studies that came in, the latest first. */
import { Anchor, Table, Text } from "@mantine/core";
import type { StudyView } from "../app/answers.ts";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import { shortId, useFormat } from "../app/format.ts";
import { StatusBadge } from "../app/status-badge.tsx";
import { trpc } from "../app/trpc.ts";
import { hrefOf } from "../app/use-route.ts";

export function StudiesPage() {
  const { t } = useTranslation();
  const studies = useQuery(trpc.studies.list.queryOptions({}));
  return (
    <Answer question={studies} empty={{ when: (list) => list.length === 0, text: t("noStudies") }}>
      {(list) => <StudyTable studies={list} />}
    </Answer>
  );
}

function StudyTable({ studies }: { readonly studies: readonly StudyView[] }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  return (
    <Table striped highlightOnHover>
      <Table.Caption>{t("studies")}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("study")}</Table.Th>
          <Table.Th>{t("status")}</Table.Th>
          <Table.Th>{t("modality")}</Table.Th>
          <Table.Th>{t("objects")}</Table.Th>
          <Table.Th>{t("series")}</Table.Th>
          <Table.Th>{t("volumes")}</Table.Th>
          <Table.Th>{t("quarantined")}</Table.Th>
          <Table.Th>{t("site")}</Table.Th>
          <Table.Th>{t("safety")}</Table.Th>
          <Table.Th>{t("received")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {studies.map((study) => (
          <Table.Tr key={study.study}>
            <Table.Td>
              <Anchor href={hrefOf("studies", study.study)}>{shortId(study.study)}</Anchor>
            </Table.Td>
            <Table.Td>
              <StatusBadge status={study.status} />
              <Room study={study} />
            </Table.Td>
            <Table.Td>{[...new Set(study.series.map(({ modality }) => modality))].join(", ")}</Table.Td>
            <Table.Td>{study.objectCount}</Table.Td>
            <Table.Td>{study.series.length}</Table.Td>
            <Table.Td>{study.series.reduce((sum, { volumes }) => sum + volumes.length, 0)}</Table.Td>
            <Table.Td>{study.quarantinedCount}</Table.Td>
            <Table.Td>{study.site}</Table.Td>
            <Table.Td>
              <Safety study={study} />
            </Table.Td>
            <Table.Td>{moment(study.lastReceivedAtMs)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** With `safe-2`, how many objects only one site has yet. */
export function Safety({ study: { safety } }: { readonly study: Pick<StudyView, "safety"> }) {
  const { t } = useTranslation();
  if (safety.policy === "local") return <StatusBadge status="local" />;
  if (safety.safe) return <StatusBadge status="safe" />;
  return (
    <>
      <StatusBadge status="unsafe" /> {t("missingCopies", { count: safety.missing })}
    </>
  );
}

/** The cluster is full: the study's jobs are requested when there is room. */
export function Room({ study: { waitsForRoom } }: { readonly study: Pick<StudyView, "waitsForRoom"> }) {
  const { t } = useTranslation();
  if (!waitsForRoom) return null;
  const { forecastMs } = waitsForRoom;
  const minutes = forecastMs === null ? null : Math.max(1, Math.ceil(forecastMs / 60_000));
  return (
    <Text size="xs" component="div" role="note">
      {minutes === null ? t("waitsForRoom") : t("waitsForRoomMinutes", { count: minutes })}
    </Text>
  );
}
