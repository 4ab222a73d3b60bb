/** What a node's kernels gave on known objects when it joined: open where one is not right, else behind one line. */
import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { NodeRow } from "../app/answers.ts";
import { useFormat } from "../app/format.ts";

type Kernels = NonNullable<NodeRow["kernels"]>;

export function SelfTest({ kernels }: { readonly kernels: Kernels }) {
  const { t } = useTranslation();
  const right = kernels.filter(({ ok }) => ok).length;
  const allRight = right === kernels.length;
  return (
    <details open={!allRight}>
      <summary>
        <Text span size="sm" c={allRight ? "green" : "red"}>
          {t("kernelsRight", { right, total: kernels.length })}
        </Text>
      </summary>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("kernel")}</Table.Th>
            <Table.Th>{t("engine")}</Table.Th>
            <Table.Th>{t("deviation")}</Table.Th>
            <Table.Th>{t("tolerance")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {kernels.map((kernel) => (
            <Kernel key={kernel.kernel} kernel={kernel} />
          ))}
        </Table.Tbody>
      </Table>
    </details>
  );
}

function Kernel({
  kernel: { kernel, engine, ok, worst, tolerance, reason },
}: {
  readonly kernel: Kernels[number];
}) {
  const { t } = useTranslation();
  const { significant } = useFormat();
  return (
    <Table.Tr>
      <Table.Td>{kernel}</Table.Td>
      <Table.Td>{engine}</Table.Td>
      <Table.Td>
        <Text span size="sm" c={ok ? "dimmed" : "red"}>
          {worst === null ? reason : significant(worst)} {!ok && t("notTaken")}
        </Text>
      </Table.Td>
      <Table.Td>{significant(tolerance)}</Table.Td>
    </Table.Tr>
  );
}
