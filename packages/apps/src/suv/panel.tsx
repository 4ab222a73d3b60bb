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

function Summary({ language, say, reports: [report], remarks }: SummaryProps) {
  const { region, mtv, tlg, max, mean, sd, peak } = texts[language];
  const kind = report?.groups
    .flatMap(({ measurements }) => measurements)
    .find(({ concept }) => suv.test(concept.codeValue))?.concept.codeMeaning;
  const columns = [
    { title: mtv, code: "126032", digits: 2 },
    { title: `${kind ?? ""} ${max}`, code: suv, derivation: "56851009", digits: 2 },
    { title: `${kind ?? ""} ${peak}`, code: suv, derivation: "126031", digits: 2 },
    { title: `${kind ?? ""} ${mean}`, code: suv, derivation: "373098007", digits: 2 },
    { title: `${kind ?? ""} ${sd}`, code: suv, derivation: "386136009", digits: 2 },
    { title: tlg, code: "126033", digits: 2 },
  ];
  return (
    <Stack gap="xs">
      {/* The first remark names the formula, the unit and the factor, the second the time that the dose was decayed to. */}
      {remarks.slice(0, 2).map((remark) => (
        <Text key={remark}>{say(remark)}</Text>
      ))}
      {report ? (
        <PanelTable language={language} say={say} region={region} groups={report.groups} columns={columns} />
      ) : null}
    </Stack>
  );
}
