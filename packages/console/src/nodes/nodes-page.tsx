/** The reconstruction nodes, as their heartbeats tell. */
import { Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import { useFormat } from "../app/format.ts";
import { StatusBadge } from "../app/status-badge.tsx";
import { trpc } from "../app/trpc.ts";

export function NodesPage() {
  const { t } = useTranslation();
  const { milliseconds } = useFormat();
  const nodes = useQuery(trpc.nodes.list.queryOptions(undefined, { refetchInterval: 1_000 }));
  return (
    <Answer question={nodes} empty={{ when: (list) => list.length === 0, text: t("noNodes") }}>
      {(list) => (
        <Table striped>
          <Table.Caption>{t("nodes")}</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("site")}</Table.Th>
              <Table.Th>{t("node")}</Table.Th>
              <Table.Th>{t("status")}</Table.Th>
              <Table.Th>{t("slots")}</Table.Th>
              <Table.Th>{t("lag")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list
              .toSorted((a, b) => `${a.site}/${a.node}`.localeCompare(`${b.site}/${b.node}`))
              .map((node) => (
                <Table.Tr key={`${node.site}/${node.node}`}>
                  <Table.Td>{node.site}</Table.Td>
                  <Table.Td>{node.node}</Table.Td>
                  <Table.Td>
                    <StatusBadge status={node.status} />
                  </Table.Td>
                  <Table.Td>
                    {node.busy} / {node.slots}
                  </Table.Td>
                  <Table.Td>{milliseconds(node.loopLagMs)}</Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
      )}
    </Answer>
  );
}
