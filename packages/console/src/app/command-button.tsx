/** A button that changes something: disabled with the reason where nobody may, and saying why when the answer is no. */
import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Done, Operation } from "./answers.ts";
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

const known = {
  JOB_ENDED: "refusedJobEnded",
  JOB_UNKNOWN: "refusedUnknown",
  DELIVERY_UNKNOWN: "refusedUnknown",
  NODE_UNKNOWN: "refusedUnknown",
  NODE_GONE: "refusedNodeGone",
  LEDGER_UNREACHABLE: "refusedLedgerUnreachable",
  STUDY_UNKNOWN: "refusedUnknown",
  STUDY_RECEIVING: "refusedStudyReceiving",
  VOLUME_UNKNOWN: "refusedVolumeUnknown",
  VOLUMES_WRONG: "refusedVolumesWrong",
  PARAMETERS_TOO_LARGE: "refusedParametersTooLarge",
} as const;
const isKnown = (code: string): code is keyof typeof known => Object.hasOwn(known, code);

/** The domain's own sentence is English; those that a person meets here are translated. */
function Refused({ code, reason }: { readonly code: string; readonly reason: string }) {
  const { t } = useTranslation();
  return (
    <Text size="xs" c="orange" role="alert">
      {code === "PARAMETERS_INVALID" ? `${t("refusedParameters")} ` : ""}
      {isKnown(code) ? t(known[code]) : reason}
    </Text>
  );
}
