/** Core, penumbra and mismatch in large numbers, with the maps that they come from. */
import { Group, Image, SimpleGrid, Stack, Text } from "@mantine/core";
import type { Panel, SummaryProps } from "../panel.tsx";
import { numberText, valueIn } from "../panel-table.tsx";

export const panel: Panel = { Summary };

const texts = {
  en: { volume: "ml", ratio: "Mismatch ratio", noRatio: "no core: no ratio", maps: "Maps" },
  fr: {
    volume: "ml",
    ratio: "Rapport de mismatch",
    noRatio: "pas de nécrose : pas de rapport",
    maps: "Cartes",
  },
} as const;

const isMap = ({ title }: { readonly title: string }) => /^(CBF|CBV|MTT|Tmax) \(/.test(title);

function Summary({ language, say, reports: [report], pictures }: SummaryProps) {
  const { volume, ratio, noRatio, maps } = texts[language];
  const groups = report?.groups ?? [];
  const mismatch = groups
    .map((group) => valueIn(group, { code: "113288" }))
    .find((value) => value !== undefined);
  return (
    <Stack gap="sm">
      <Group gap="xl" align="flex-start">
        {groups.map((group) => (
          <Fact
            key={group.label}
            name={say(group.label)}
            value={`${numberText(valueIn(group, { code: "118565006" }), 1, language)} ${volume}`}
          />
        ))}
        <Fact name={ratio} value={mismatch === undefined ? noRatio : numberText(mismatch, 2, language)} />
      </Group>
      <SimpleGrid cols={4} aria-label={maps}>
        {pictures.filter(isMap).map(({ title, href }) => (
          <a key={href} href={href} target="_blank" rel="noreferrer">
            <Image src={href} alt={title} loading="lazy" />
            <Text size="xs">{title}</Text>
          </a>
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <Text size="xl" fw={700}>
        {value}
      </Text>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
    </div>
  );
}
