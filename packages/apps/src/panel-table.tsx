/** A report turned for reading: a row for each region, a column for each quantity. */
import { Table } from "@mantine/core";
import type { ReadGroup, ReadReport } from "@releve/dicom/derived/report/read-measurements";
import type { SummaryProps } from "./panel.tsx";

type Measured = ReadGroup["measurements"][number];

/** `digits` after the decimal sign. `code`: of the quantity; `derivation`: its own, where the quantity has several. */
export type Column = {
  readonly title: string;
  readonly code: string | RegExp;
  readonly derivation?: string;
  readonly digits: number;
};

type PanelTableProps = Pick<SummaryProps, "language" | "say"> & {
  readonly region: string;
  readonly groups: ReadReport["groups"];
  readonly columns: readonly Column[];
};

export function PanelTable({ language, say, region, groups, columns }: PanelTableProps) {
  const shown = columns.filter((column) => groups.some((group) => valueIn(group, column) !== undefined));
  return (
    <Table withTableBorder maw={760}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{region}</Table.Th>
          {shown.map(({ title }) => (
            <Table.Th key={title} ta="right">
              {title}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups.map((group, index) => (
          <Table.Tr key={`${index} ${group.label}`}>
            <Table.Th scope="row" fw={index === 0 ? 700 : 400}>
              {say(group.label)}
            </Table.Th>
            {shown.map((column) => (
              <Table.Td key={column.title} ta="right" fw={index === 0 ? 700 : 400}>
                {numberText(valueIn(group, column), column.digits, language)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Undefined where the region was not measured so. */
export const valueIn = (
  { measurements }: Pick<ReadGroup, "measurements">,
  column: Pick<Column, "code" | "derivation">,
) => measurements.find((one) => isOf(one, column))?.value;

const isOf = (
  { concept, derivation }: Measured,
  { code, derivation: wanted }: Pick<Column, "code" | "derivation">,
) =>
  (typeof code === "string" ? concept.codeValue === code : code.test(concept.codeValue)) &&
  (wanted === undefined || derivation?.codeValue === wanted);

/** A dash where nothing was measured. */
export const numberText = (value: number | undefined, digits: number, language: string): string =>
  value === undefined
    ? "–"
    : value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
