/** Both lungs and each of them, side by side. */
import { Stack, Text } from "@mantine/core";
import type { Panel, SummaryProps } from "../panel.tsx";
import { PanelTable } from "../panel-table.tsx";

export const panel: Panel = { Summary };

const texts = {
  en: {
    lung: "Lung",
    mean: "Mean (HU)",
    pd15: "PD15 (HU)",
    compare: "Compare only with scans of the same kernel, slice thickness and breath.",
  },
  fr: {
    lung: "Poumon",
    mean: "Moyenne (UH)",
    pd15: "PD15 (UH)",
    compare:
      "À ne comparer qu'avec des acquisitions de même filtre, de même épaisseur de coupe et de même inspiration.",
  },
} as const;

function Summary({ language, say, reports: [report] }: SummaryProps) {
  const { lung, mean, pd15, compare } = texts[language];
  if (!report) return null;
  const columns = [
    { title: "Volume (ml)", code: "118565006", digits: 0 },
    { title: "LAA-950 (%)", code: "LAA-950", digits: 1 },
    { title: pd15, code: "PD15", digits: 0 },
    { title: mean, code: "112181", digits: 0 },
  ];
  return (
    <Stack gap="xs">
      <PanelTable language={language} say={say} region={lung} groups={report.groups} columns={columns} />
      <Text size="sm" c="dimmed">
        {compare}
      </Text>
    </Stack>
  );
}
