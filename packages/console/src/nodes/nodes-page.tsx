/** The reconstruction nodes: what their heartbeats say now beside what the ledger has. */
import { Table, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import type { NodeRow } from "../app/answers.ts";
import { CommandButton } from "../app/command-button.tsx";
import { useFormat } from "../app/format.ts";
import { StatusBadge } from "../app/status-badge.tsx";
import { trpc } from "../app/trpc.ts";
import { SelfTest } from "./self-test.tsx";

export function NodesPage() {
  const { t } = useTranslation();
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
              <Table.Th>{t("heard")}</Table.Th>
              <Table.Th>{t("inLedger")}</Table.Th>
              <Table.Th>{t("slots")}</Table.Th>
              <Table.Th>{t("lag")}</Table.Th>
              <Table.Th>{t("engine")}</Table.Th>
              <Table.Th>{t("selfTest")}</Table.Th>
              <Table.Th>{t("memory")}</Table.Th>
              <Table.Th />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.map((node) => (
              <Row key={`${node.site}/${node.node}`} node={node} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Answer>
  );
}

function Row({ node }: { readonly node: NodeRow }) {
  const { milliseconds, mebibytes } = useFormat();
  return (
    <Table.Tr>
      <Table.Td>{node.site}</Table.Td>
      <Table.Td>{node.node}</Table.Td>
      <Table.Td>
        <StatusBadge status={node.heard} />
      </Table.Td>
      <Table.Td>
        <StatusBadge status={node.recorded} />
        <Text size="xs" c="dimmed">
          {node.reason}
        </Text>
      </Table.Td>
      <Table.Td>
        {node.busy} / {node.slots}
      </Table.Td>
      <Table.Td>{node.loopLagMs === null ? null : milliseconds(node.loopLagMs)}</Table.Td>
      <Table.Td>{node.engine}</Table.Td>
      <Table.Td>{node.kernels && <SelfTest kernels={node.kernels} />}</Table.Td>
      <Table.Td>{node.memoryBytes === null ? null : mebibytes(node.memoryBytes)}</Table.Td>
      <Table.Td>
        <DrainOrResume node={node} />
      </Table.Td>
    </Table.Tr>
  );
}

function DrainOrResume({ node: { site, node, recorded } }: { readonly node: NodeRow }) {
  const { t } = useTranslation();
  const drain = useMutation(trpc.nodes.drain.mutationOptions());
  const resume = useMutation(trpc.nodes.resume.mutationOptions());
  if (recorded === "alive")
    return (
      <CommandButton
        label={t("drain")}
        needs="nodes.drain"
        command={drain}
        onClick={() => drain.mutate({ site, node })}
      />
    );
  if (recorded === "draining")
    return (
      <CommandButton
        label={t("resume")}
        needs="nodes.resume"
        command={resume}
        onClick={() => resume.mutate({ site, node })}
      />
    );
  return null;
}
