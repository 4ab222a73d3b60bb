/** The sites, the servers that hold the ledger, and how far what is shown here is behind it. */
import { Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import type { SystemView } from "../app/answers.ts";
import { useFormat } from "../app/format.ts";
import { StatusBadge } from "../app/status-badge.tsx";
import { trpc } from "../app/trpc.ts";

export function SitesPage() {
  const system = useQuery(trpc.system.sites.queryOptions(undefined, { refetchInterval: 1_000 }));
  return (
    <Answer question={system}>
      {(view) => (
        <Stack>
          <SiteTable view={view} />
          <LedgerTable view={view} />
          <ModelState view={view} />
        </Stack>
      )}
    </Answer>
  );
}

type Viewed = { readonly view: SystemView };

function SiteTable({ view: { sites, here } }: Viewed) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  return (
    <>
      <Table striped>
        <Table.Caption>{t("sites")}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("site")}</Table.Th>
            <Table.Th>{t("status")}</Table.Th>
            <Table.Th>{t("since")}</Table.Th>
            <Table.Th>{t("address")}</Table.Th>
            <Table.Th>{t("mode")}</Table.Th>
            <Table.Th>{t("safety")}</Table.Th>
            <Table.Th>{t("nodesHeard")}</Table.Th>
            <Table.Th>{t("slots")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sites.map((site) => (
            <Table.Tr key={site.site}>
              <Table.Td fw={site.site === here.site ? 700 : 400}>{site.site}</Table.Td>
              <Table.Td>
                <StatusBadge status={site.status} />{" "}
                {site.lostBy === null ? null : t("noticedBy", { site: site.lostBy })}
              </Table.Td>
              <Table.Td>{site.sinceMs === null ? null : moment(site.sinceMs)}</Table.Td>
              <Table.Td>{site.address}</Table.Td>
              <Table.Td>{site.mode === null ? null : t(`mode_${site.mode}`)}</Table.Td>
              <Table.Td>{site.safety === null ? null : t(`safety_${site.safety}`)}</Table.Td>
              <Table.Td>{site.nodesHeard}</Table.Td>
              <Table.Td>
                {site.busy} / {site.slots}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {here.otherSites.length > 0 ? (
        <Text size="sm" c="dimmed">
          {t("otherGateways", { addresses: here.otherSites.join(", ") })}
        </Text>
      ) : null}
    </>
  );
}

function LedgerTable({ view: { ledger } }: Viewed) {
  const { t } = useTranslation();
  const { count } = useFormat();
  if (ledger.members.length === 0) return null;
  return (
    <Table striped>
      <Table.Caption>{t("ledgerServers")}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("server")}</Table.Th>
          <Table.Th>{t("role")}</Table.Th>
          <Table.Th>{t("status")}</Table.Th>
          <Table.Th>{t("entriesBehind")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {ledger.members.map(({ server, leads, current, offline, behind }) => (
          <Table.Tr key={server}>
            <Table.Td>{server === "" ? t("noLeader") : server}</Table.Td>
            <Table.Td>{leads ? t("leader") : t("follower")}</Table.Td>
            <Table.Td>
              <StatusBadge status={offline ? "offline" : current ? "current" : "catchingUp"} />
            </Table.Td>
            <Table.Td>{count(behind)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ModelState({ view: { lag, model, ledger } }: Viewed) {
  const { t } = useTranslation();
  const { count, seconds, mebibytes } = useFormat();
  const here = lag.ms === 0 ? t("upToDate") : t("behind", { count: lag.commits ?? 0, time: seconds(lag.ms) });
  return (
    <Stack gap={2}>
      <Text role="note">{here}</Text>
      <Text size="sm" c="dimmed">
        {t("modelHolds", {
          commits: count(model.commits),
          events: count(model.events),
          epoch: model.epoch,
          size: mebibytes(ledger.bytes),
        })}
      </Text>
      {model.unread > 0 ? <Text c="orange">{t("unreadEvents", { count: model.unread })}</Text> : null}
    </Stack>
  );
}
