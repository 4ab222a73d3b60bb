/** The scores by vessel; without a reader's labels there is no score of the patient, and the panel says so first. */
import { Alert, Stack, Text } from "@mantine/core";
import type { Panel, SummaryProps } from "../panel.tsx";
import { PanelTable } from "../panel-table.tsx";

export const panel: Panel = { Summary };

const texts = {
  en: {
    vessel: "Vessel",
    volume: "Volume (mm³)",
    mass: "Mass (mg)",
    unnamed: "No lesion has been given to a vessel: these numbers are not the patient's score.",
    meaning:
      "The score says how much calcium there is. What it means for this patient depends on age, sex and history, and is the reader's to say.",
  },
  fr: {
    vessel: "Vaisseau",
    volume: "Volume (mm³)",
    mass: "Masse (mg)",
    unnamed: "Aucune lésion n'a été attribuée à un vaisseau : ces nombres ne sont pas le score du patient.",
    meaning:
      "Le score dit combien il y a de calcium. Ce qu'il signifie pour ce patient dépend de l'âge, du sexe et des antécédents, et revient au lecteur.",
  },
} as const;

function Summary({ language, say, reports: [report] }: SummaryProps) {
  const { vessel, volume, mass, unnamed, meaning } = texts[language];
  if (!report) return null;
  const isNamed = report.groups.some(({ label }) => label === "all named vessels");
  const columns = [
    { title: "Agatston", code: "112058", digits: 1 },
    { title: volume, code: "112197", digits: 1 },
    { title: mass, code: "112199", digits: 2 },
  ];
  return (
    <Stack gap="xs">
      {isNamed ? null : (
        <Alert color="orange" role="note">
          {unnamed}
        </Alert>
      )}
      <PanelTable language={language} say={say} region={vessel} groups={report.groups} columns={columns} />
      <Text size="sm" c="dimmed">
        {meaning}
      </Text>
    </Stack>
  );
}
