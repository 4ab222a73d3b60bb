/** The presets as pictures: each look as the colours and the opacity that it gives to the densities of CT. */
import type { Json } from "@releve/domain/canonical-json";
import { Button, Group, Stack, Text } from "@mantine/core";
import type { FormProps, Panel } from "../panel.tsx";
import { presetNames, presets, type PresetName } from "./presets.ts";

export const panel: Panel = { Form };

const texts = {
  en: { legend: "Look", bone: "bone", vessel: "vessels", lung: "lung", "soft-tissue": "soft tissue" },
  fr: { legend: "Aspect", bone: "os", vessel: "vaisseaux", lung: "poumon", "soft-tissue": "tissus mous" },
} as const;

function Form({ language, value, onChange }: FormProps) {
  const fields = fieldsOf(value);
  const look = fieldsOf(fields["look"]);
  if (look["kind"] !== "preset") return null;
  const { legend, ...names } = texts[language];
  const chosen = look["preset"];
  return (
    <Group gap="xs" role="group" aria-label={legend}>
      {presetNames.map((preset) => (
        <Button
          key={preset}
          h="auto"
          p={6}
          variant={preset === chosen ? "outline" : "default"}
          aria-pressed={preset === chosen}
          onClick={() => onChange({ ...fields, look: { kind: "preset", preset } })}
        >
          <Stack gap={4} align="center">
            <Swatch preset={preset} />
            <Text size="xs">{names[preset]}</Text>
          </Stack>
        </Button>
      ))}
    </Group>
  );
}

const fieldsOf = (value: Json | undefined): Readonly<Record<string, Json | undefined>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};

const [lowestHu, highestHu] = [-1000, 1500] as const;

/** From air on the left to bone on the right; what is clear there is dark here. */
function Swatch({ preset }: { readonly preset: PresetName }) {
  const stops = presets[preset].map(({ value, rgb, opacityPerMm }) => {
    const channels = rgb.map((part) => Math.round(255 * part)).join(" ");
    const place = (100 * (value - lowestHu)) / (highestHu - lowestHu);
    // A veil would not be seen at its own opacity: what lets 4 cm shine through is half as bright.
    const opacity = 1 - Math.exp(-40 * opacityPerMm);
    return `rgb(${channels} / ${opacity.toFixed(2)}) ${place.toFixed(1)}%`;
  });
  return (
    <span
      style={{
        display: "block",
        width: 110,
        height: 32,
        background: `linear-gradient(90deg, ${stops.join(", ")}), #000`,
      }}
    />
  );
}
