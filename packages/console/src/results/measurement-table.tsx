/** The numbers of a report: one row each, with its unit, what was measured, how, and what computed it. */
import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { MeasurementReport } from "../app/answers.ts";
import { useLanguage } from "../app/use-language.ts";
import { useSaid } from "../french/use-said.ts";
import { conceptName, unitText, valueText } from "./concept-names.ts";

type Group = MeasurementReport["groups"][number];

export function MeasurementTable({ report }: { readonly report: MeasurementReport }) {
  const { t } = useTranslation();
  const say = useSaid();
  return (
    <Table striped withTableBorder captionSide="top">
      <Table.Caption>{say(report.title)}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("region")}</Table.Th>
          <Table.Th>{t("quantity")}</Table.Th>
          <Table.Th ta="right">{t("value")}</Table.Th>
          <Table.Th>{t("unit")}</Table.Th>
          <Table.Th>{t("method")}</Table.Th>
          <Table.Th>{t("engine")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {report.groups.map((group, index) => (
          <GroupRows key={`${index} ${group.label}`} group={group} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function GroupRows({ group }: { readonly group: Group }) {
  const language = useLanguage();
  const say = useSaid();
  const { label, site, algorithm, measurements } = group;
  return measurements.map((measurement, index) => (
    <Table.Tr key={`${index} ${measurement.concept.codeValue}`}>
      {index === 0 ? (
        <Table.Th scope="rowgroup" rowSpan={measurements.length} fw={600}>
          {say(label)}
          {site ? ` · ${conceptName(site, language)}` : ""}
        </Table.Th>
      ) : null}
      <Table.Td>
        {conceptName(measurement.concept, language)}
        {measurement.derivation ? ` (${conceptName(measurement.derivation, language)})` : ""}
      </Table.Td>
      <Table.Td ta="right" style={{ fontVariantNumeric: "tabular-nums" }}>
        {valueText(measurement.value, language)}
      </Table.Td>
      <Table.Td>{unitText(measurement.unit, language)}</Table.Td>
      <Table.Td>{measurement.method ? conceptName(measurement.method, language) : ""}</Table.Td>
      <Table.Td>
        {algorithm
          ? `${algorithm.name} ${algorithm.version}, ${algorithm.parameters.replace(/^engine /, "")}`
          : ""}
      </Table.Td>
    </Table.Tr>
  ));
}
