/** Curves as a chart, with the same numbers as a table for whom a picture says nothing. Loaded when there is a curve to show. */
import { Table, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useLanguage, type Language } from "../app/use-language.ts";
import { useSaid } from "../french/use-said.ts";
import { conceptName, unitText, valueText } from "./concept-names.ts";
import { alignedRows, type Axis, type CurveSet } from "./report-curves.ts";

const [widthPx, heightPx] = [760, 330] as const;
/** Apart for whom red and green look alike, and bright on dark. */
const strokes = ["#ffb000", "#64b5f6", "#81d4a8", "#ce93d8"] as const;
const ink = "#c9c9c9";

export function CurveChart({ set }: { readonly set: CurveSet }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const say = useSaid();
  const frame = useRef<HTMLDivElement>(null);
  const labels = set.curves.map(({ label }) => say(label));
  const [xName, yName] = [axisName(set.x, language), axisName(set.y, language)];
  const names = [xName, yName, ...labels].join("\n");
  useEffect(() => {
    const [x, y, ...series] = names.split("\n");
    const chart = new uPlot(chartOptions([x!, y!], series), chartData(set), frame.current!);
    return () => chart.destroy();
  }, [set, names]);
  return (
    <>
      <div ref={frame} role="img" aria-label={`${labels.join(", ")}: ${yName}`} />
      <details>
        <summary>
          <Text size="sm" span>
            {t("curveAsTable")}
          </Text>
        </summary>
        <CurveTable set={set} labels={labels} xName={xName} />
      </details>
    </>
  );
}

const axisName = ({ concept, unit }: Axis, language: Language): string => {
  const unitName = unitText(unit, language);
  return `${conceptName(concept, language)}${unitName === "" ? "" : ` (${unitName})`}`;
};

function chartOptions([x, y]: readonly [string, string], labels: readonly string[]): uPlot.Options {
  const axis = { stroke: ink, grid: { stroke: "#3b3b3b" }, ticks: { stroke: "#3b3b3b" } };
  return {
    width: widthPx,
    height: heightPx,
    scales: { x: { time: false } },
    axes: [
      { ...axis, label: x },
      { ...axis, label: y, size: 60 },
    ],
    series: [
      { label: x },
      ...labels.map((label, index) => ({ label, stroke: strokes[index % strokes.length]!, width: 2 })),
    ],
  };
}

function chartData(set: CurveSet): uPlot.AlignedData {
  const rows = alignedRows(set);
  return [rows.map(([x]) => x), ...set.curves.map((_, curve) => rows.map(([, ys]) => ys[curve] ?? null))];
}

type CurveTableProps = { readonly set: CurveSet; readonly labels: readonly string[]; readonly xName: string };

function CurveTable({ set, labels, xName }: CurveTableProps) {
  const language = useLanguage();
  return (
    <Table withTableBorder maw={widthPx}>
      <Table.Thead>
        <Table.Tr>
          {[xName, ...labels].map((name) => (
            <Table.Th key={name} ta="right">
              {name}
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {alignedRows(set).map(([x, ys]) => (
          <Table.Tr key={x}>
            <Table.Th ta="right" scope="row">
              {valueText(x, language)}
            </Table.Th>
            {ys.map((y, curve) => (
              <Table.Td key={labels[curve]} ta="right">
                {y === null ? "–" : valueText(y, language)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
