/** Asks for an application on a study by hand: which one, on which volumes, with which parameters, how soon. */
import { Alert, Anchor, Checkbox, Fieldset, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RequestOptions } from "../app/answers.ts";
import { CommandButton } from "../app/command-button.tsx";
import { shortId } from "../app/format.ts";
import { useSaid } from "../french/use-said.ts";
import { useLanguage } from "../app/use-language.ts";
import { usePanel } from "../app/use-panel.ts";
import { trpc } from "../app/trpc.ts";
import { hrefOf } from "../app/use-route.ts";
import {
  applicationChoices,
  applicationOf,
  draftFor,
  refusedFor,
  volumeLabel,
  whyNotOffered,
  withPlans,
  type Draft,
} from "./request-draft.ts";
import { JsonField, SchemaField } from "./schema-field.tsx";
import { isSchema, type Json } from "./schema-node.ts";

const priorities = ["urgent", "stat", "routine"] as const;
type Priority = (typeof priorities)[number];

export function RequestForm({ options }: { readonly options: RequestOptions }) {
  const { t, i18n } = useTranslation();
  const say = useSaid();
  const [draft, setDraft] = useState(() => draftFor(options, options.applications[0]?.id ?? ""));
  const [priority, setPriority] = useState<Priority>("urgent");
  const make = useMutation(trpc.requests.make.mutationOptions());
  const refused = refusedFor(options, draft);
  const language = i18n.language === "fr" ? "fr" : "en";
  const change = (next: Draft) => {
    make.reset();
    setDraft(next);
  };
  return (
    <Fieldset legend={t("askForApplication")}>
      <Stack gap="sm" maw={640}>
        <NativeSelect
          label={t("application")}
          value={draft.application}
          data={applicationChoices(options, language, t("notForThisStudy"))}
          onChange={(event) => change(draftFor(options, event.currentTarget.value))}
        />
        <VolumeChoice options={options} draft={draft} onChange={change} />
        {refused ? (
          <Alert color="orange" role="note">
            {say(refused)}
          </Alert>
        ) : null}
        <Parameters options={options} draft={draft} onChange={change} />
        <NativeSelect
          label={t("priority")}
          value={priority}
          data={priorities.map((one) => ({ value: one, label: t(`priority_${one}`) }))}
          onChange={(event) =>
            setPriority(priorities.find((one) => one === event.currentTarget.value) ?? "urgent")
          }
        />
        <Group>
          <CommandButton
            label={t("ask")}
            needs="requests.make"
            command={make}
            onClick={() =>
              make.mutate({ study: options.study, ...draft, plans: [...draft.plans], priority, language })
            }
          />
          {make.data && "job" in make.data ? (
            <Text size="sm" role="status">
              {t(make.data.changed ? "jobIsRequested" : "jobWasRequested")}{" "}
              <Anchor href={hrefOf("jobs", make.data.job)}>
                {t("job")} {shortId(make.data.job)}
              </Anchor>
            </Text>
          ) : null}
        </Group>
        <NotOffered options={options} language={language} />
      </Stack>
    </Fieldset>
  );
}

function NotOffered({ options, language }: Pick<PartProps, "options"> & { readonly language: "en" | "fr" }) {
  const { t } = useTranslation();
  const say = useSaid();
  const reasons = whyNotOffered(options, language);
  if (reasons.length === 0) return null;
  return (
    <Stack gap={2}>
      <Text size="sm" fw={500}>
        {t("notForThisStudy")}
      </Text>
      {reasons.map(({ id, title, reason }) => (
        <Text key={id} size="sm" c="dimmed">
          {title}: {say(reason)}
        </Text>
      ))}
    </Stack>
  );
}

type PartProps = {
  readonly options: RequestOptions;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
};

/** One volume by choice; several in the order in which they are ticked, which is the application's order. */
function VolumeChoice({ options, draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const choose = (plans: readonly string[]) => onChange(withPlans(options, draft, plans));
  if (applicationOf(options, draft.application)?.takes === "volume")
    return (
      <NativeSelect
        label={t("volume")}
        value={draft.plans[0] ?? ""}
        data={options.volumes.map((volume) => ({ value: volume.plan, label: volumeLabel(volume) }))}
        onChange={(event) => choose([event.currentTarget.value])}
      />
    );
  return (
    <Fieldset legend={t("volumesInOrder")} p="xs">
      <Stack gap={4}>
        {options.volumes.map((volume) => {
          const place = draft.plans.indexOf(volume.plan);
          return (
            <Checkbox
              key={volume.plan}
              label={place < 0 ? volumeLabel(volume) : `${volumeLabel(volume)} (${place + 1})`}
              checked={place >= 0}
              onChange={() =>
                choose(place < 0 ? [...draft.plans, volume.plan] : draft.plans.toSpliced(place, 1))
              }
            />
          );
        })}
      </Stack>
    </Fieldset>
  );
}

function Parameters({ options, draft, onChange }: PartProps) {
  const { t } = useTranslation();
  const [asJson, setAsJson] = useState(false);
  const schema = applicationOf(options, draft.application)?.schema as Json | undefined;
  const set = (parameters: Json) => onChange({ ...draft, parameters });
  // Other volumes or another application begin anew: a field keeps what was typed into it.
  const key = `${draft.application} ${draft.plans.join()} ${String(asJson)}`;
  const props = { name: "", value: draft.parameters, onChange: set };
  const { Form } = usePanel(draft.application);
  const language = useLanguage();
  return (
    <Stack gap="xs">
      {Form && !asJson ? (
        <Form language={language} value={draft.parameters} onChange={(next) => set(next as Json)} />
      ) : null}
      {asJson || !isSchema(schema) ? (
        <JsonField key={key} {...props} schema={{ en: t("parameters"), fr: t("parameters") }} />
      ) : (
        <SchemaField key={key} {...props} schema={schema} />
      )}
      <Checkbox
        label={t("asJson")}
        checked={asJson}
        onChange={(event) => setAsJson(event.currentTarget.checked)}
      />
    </Stack>
  );
}
