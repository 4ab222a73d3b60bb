/** Which SUV it is, by which factor, and what was measured in each region. */
import { Stack, Text } from "@mantine/core";
import type { Panel, SummaryProps } from "../panel.tsx";
import { PanelTable } from "../panel-table.tsx";

export const panel: Panel = { Summary };

const texts = {
  en: { region: "Region", mtv: "MTV (ml)", tlg: "TLG (g)", max: "max", mean: "mean", sd: "SD", peak: "peak" },
  fr: {
    region: "Région",
    mtv: "MTV (ml)",
    tlg: "TLG (g)",
    max: "max",
    mean: "moyenne",
    sd: "écart-type",
    peak: "pic",
  },
} as const;

/** SUVbw, SUVbsa and both SUL: PS3.16 CID 85. */
const suv = /^12640[1356]$/;

function Summary({ language, say, reports: [report] }: SummaryProps) {
  const { region, mtv, tlg, max, mean, sd, peak } = texts[language];
  if (!report) return null;
  const kind = report.groups
    .flatMap(({ measurements }) => measurements)
    .find(({ concept }) => suv.test(concept.codeValue));
  const columns = [
    { title: mtv, code: "126032", digits: 2 },
    { title: max, code: suv, derivation: "56851009", digits: 2 },
    { title: peak, code: suv, derivation: "126031", digits: 2 },
    { title: mean, code: suv, derivation: "373098007", digits: 2 },
    { title: sd, code: suv, derivation: "386136009", digits: 2 },
    { title: tlg, code: "126033", digits: 2 },
  ];
  return (
    <Stack gap="xs">
      {/* The formula and the factor are in the remarks, which stand above. */}
      {kind ? (
        <Text fw={600}>
          {kind.concept.codeMeaning} ({kind.unit.codeValue.replace(/\{.*\}/, "")})
        </Text>
      ) : null}
      <PanelTable language={language} say={say} region={region} groups={report.groups} columns={columns} />
    </Stack>
  );
}
