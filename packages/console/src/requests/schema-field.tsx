/** A form made of a JSON Schema: one field for each parameter, whatever the application. */
import { Button, Checkbox, Fieldset, Group, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { labelOf, numbersIn, optionLabel, variantLabel } from "./labels.ts";
import {
  initialValue,
  isSchema,
  schemaNode,
  textOf,
  variantOf,
  type Json,
  type Schema,
} from "./schema-node.ts";

type FieldProps = {
  readonly name: string;
  readonly schema: Schema;
  readonly value: Json;
  readonly onChange: (value: Json) => void;
};

export function SchemaField(props: FieldProps) {
  const { schema } = props;
  const node = schemaNode(schema);
  switch (node.kind) {
    case "constant":
      return null;
    case "choice":
      return <Choice {...props} options={node.options} />;
    case "variants":
      return <Variants {...props} variants={node.variants} />;
    case "fields":
      return <Fields {...props} />;
    case "number":
      return <NumberField {...props} />;
    case "boolean":
      return <BooleanField {...props} />;
    case "numbers":
      return <NumbersField {...props} />;
    case "lines":
      return <LinesField {...props} />;
    case "list":
      return <ListField {...props} items={node.items} />;
    case "json":
      return <JsonField {...props} />;
  }
}

const useLabel = ({ name, schema }: Pick<FieldProps, "name" | "schema">): string =>
  labelOf(name, schema, useTranslation().i18n.language);

function Choice({ value, onChange, options, ...of }: FieldProps & { readonly options: readonly Json[] }) {
  const { i18n } = useTranslation();
  return (
    <NativeSelect
      label={useLabel(of)}
      value={String(options.indexOf(value))}
      data={options.map((option, index) => ({
        value: String(index),
        label: optionLabel(of.schema, option, i18n.language),
      }))}
      onChange={(event) => onChange(options[Number(event.currentTarget.value)] ?? null)}
    />
  );
}

function Variants({
  name,
  schema,
  value,
  onChange,
  variants,
}: FieldProps & { readonly variants: readonly Schema[] }) {
  const { t, i18n } = useTranslation();
  const label = useLabel({ name, schema });
  const chosen = variantOf(variants, value);
  const variant = variants[chosen];
  return (
    <Stack gap="xs">
      <NativeSelect
        label={label === "" ? t("kind") : label}
        value={String(chosen)}
        data={variants.map((one, index) => ({
          value: String(index),
          label: variantLabel(one, i18n.language),
        }))}
        onChange={(event) => onChange(initialValue(variants[Number(event.currentTarget.value)] ?? {}))}
      />
      {variant ? (
        <SchemaField
          key={chosen}
          name={schemaNode(variant).kind === "fields" ? "" : name}
          schema={variant}
          value={value}
          onChange={onChange}
        />
      ) : null}
    </Stack>
  );
}

/** An optional parameter is absent until its box is ticked. */
function Fields({ name, schema, value, onChange }: FieldProps) {
  const label = useLabel({ name, schema });
  const { i18n } = useTranslation();
  const node = schemaNode(schema);
  const held = isSchema(value) ? value : {};
  const set = (field: string, next: Json | undefined) => {
    const { [field]: _, ...others } = held;
    onChange(next === undefined ? others : { ...others, [field]: next });
  };
  const fields = node.kind === "fields" ? node.fields : [];
  return (
    <Fieldset legend={name === "" ? undefined : label} p="xs">
      <Stack gap="xs">
        {fields.map((field) => (
          <Stack key={field.name} gap={4}>
            {field.required ? null : (
              <Checkbox
                label={labelOf(field.name, field.schema, i18n.language)}
                checked={held[field.name] !== undefined}
                onChange={(event) =>
                  set(field.name, event.currentTarget.checked ? initialValue(field.schema) : undefined)
                }
              />
            )}
            {held[field.name] === undefined ? null : (
              <SchemaField
                name={field.name}
                schema={field.schema}
                value={held[field.name]!}
                onChange={(next) => set(field.name, next)}
              />
            )}
          </Stack>
        ))}
      </Stack>
    </Fieldset>
  );
}

function NumberField({ schema, value, onChange, name }: FieldProps) {
  const [text, setText] = useState(textOf(value));
  const [least, most] = [schema["minimum"], schema["maximum"]];
  return (
    <TextInput
      label={useLabel({ name, schema })}
      description={
        least !== undefined && most !== undefined ? `${textOf(least)} – ${textOf(most)}` : undefined
      }
      inputMode="decimal"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(numbersIn(event.currentTarget.value)[0] ?? null);
      }}
    />
  );
}

function BooleanField({ value, onChange, ...of }: FieldProps) {
  return (
    <Checkbox
      label={useLabel(of)}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

function NumbersField({ value, onChange, ...of }: FieldProps) {
  const [text, setText] = useState(Array.isArray(value) ? value.join(" ") : "");
  return (
    <TextInput
      label={useLabel(of)}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(numbersIn(event.currentTarget.value));
      }}
    />
  );
}

function LinesField({ value, onChange, ...of }: FieldProps) {
  const { t } = useTranslation();
  const lines = Array.isArray(value) ? value.map((line) => (Array.isArray(line) ? line.join(" ") : "")) : [];
  const [text, setText] = useState(lines.join("\n"));
  return (
    <Textarea
      label={useLabel(of)}
      description={t("onePerLine")}
      rows={6}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange(
          event.currentTarget.value
            .split("\n")
            .map(numbersIn)
            .filter((line) => line.length > 0),
        );
      }}
    />
  );
}

function ListField({ name, schema, value, onChange, items }: FieldProps & { readonly items: Schema }) {
  const { t } = useTranslation();
  const label = useLabel({ name, schema });
  const held: readonly Json[] = Array.isArray(value) ? value : [];
  return (
    <Fieldset legend={label} p="xs">
      <Stack gap="xs">
        {held.map((item, index) => (
          // Their order is all that tells them apart, and a field keeps what was typed: the count renews them after a removal.
          <Group key={`${held.length} ${index}`} align="flex-end" wrap="nowrap">
            <Stack style={{ flex: 1 }}>
              <SchemaField
                name={String(index + 1)}
                schema={items}
                value={item}
                onChange={(next) => onChange(held.with(index, next))}
              />
            </Stack>
            <Button size="compact-xs" variant="subtle" onClick={() => onChange(held.toSpliced(index, 1))}>
              {t("removeItem")}
            </Button>
          </Group>
        ))}
        <Group>
          <Button size="compact-xs" variant="light" onClick={() => onChange([...held, initialValue(items)])}>
            {t("addItem")}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

/** What no field above fits, and all of the parameters for whom writes JSON faster. */
export function JsonField({ value, onChange, ...of }: FieldProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(JSON.stringify(value, undefined, 2));
  const parsed = parse(text);
  return (
    <Textarea
      label={useLabel(of)}
      error={parsed === undefined ? t("noJson") : undefined}
      rows={10}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const next = parse(event.currentTarget.value);
        if (next !== undefined) onChange(next);
      }}
    />
  );
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // said under the field
  }
}
