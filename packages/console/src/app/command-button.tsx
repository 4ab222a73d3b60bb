/** A button that changes something: disabled with the reason where nobody may, and saying why when the answer is no. */
import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Done, Operation } from "./answers.ts";
import { useSaid } from "../french/use-said.ts";
import { useMay } from "./use-may.ts";

type CommandButtonProps = {
  readonly label: string;
  /** The row of the table of rights that the command is. */
  readonly needs: Operation;
  readonly command: {
    readonly data: Done | undefined;
    readonly error: { readonly message: string } | null;
    readonly isPending: boolean;
  };
  readonly onClick: () => void;
};

export function CommandButton({ label, needs, command, onClick }: CommandButtonProps) {
  const { t } = useTranslation();
  const may = useMay()(needs);
  const { data, error, isPending } = command;
  return (
    <Group gap="xs" wrap="nowrap">
      <span title={may ? undefined : t("mayNotAct")}>
        <Button size="compact-xs" variant="light" disabled={!may} loading={isPending} onClick={onClick}>
          {label}
        </Button>
      </span>
      {data && "refused" in data ? <Refused code={data.refused} reason={data.reason} /> : null}
      {error ? (
        <Text size="xs" c="red" role="alert">
          {t("failed", { reason: error.message })}
        </Text>
      ) : null}
    </Group>
  );
}

function Refused({ code, reason }: { readonly code: string; readonly reason: string }) {
  const { t } = useTranslation();
  const say = useSaid();
  return (
    <Text size="xs" c="orange" role="alert">
      {code === "PARAMETERS_INVALID" ? `${t("refusedParameters")} ` : ""}
      {say(reason)}
    </Text>
  );
}
