/** Which b-values the fit used, and what a reader must not forget of it. */
import { Stack, Text } from "@mantine/core";
import type { Panel, SummaryProps } from "../panel.tsx";

export const panel: Panel = { Summary };

const texts = {
  en: { used: "b-values used (s/mm²)", unit: "The map is in µm²/s: 1000 is 1.0 × 10⁻³ mm²/s." },
  fr: { used: "Valeurs de b utilisées (s/mm²)", unit: "La carte est en µm²/s : 1000 vaut 1,0 × 10⁻³ mm²/s." },
} as const;

function Summary({ language, remarks }: SummaryProps) {
  const { used, unit } = texts[language];
  const [, bValues] = remarks.map((remark) => /, b = (.+?) s\/mm2/.exec(remark)).find((found) => found) ?? [];
  if (bValues === undefined) return null;
  return (
    <Stack gap={4}>
      <Text>
        {used}: <strong>{bValues}</strong>
      </Text>
      <Text size="sm" c="dimmed">
        {unit}
      </Text>
    </Stack>
  );
}
