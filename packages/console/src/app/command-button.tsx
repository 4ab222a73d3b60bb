/** A button that changes something: disabled with the reason where nobody may, and saying why when the answer is no. */
import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Done } from "./answers.ts";
import { trpc } from "./trpc.ts";

type CommandButtonProps = {
  readonly label: string;
  readonly command: {
    readonly data: Done | undefined;
    readonly error: { readonly message: string } | null;
    readonly isPending: boolean;
  };
  readonly onClick: () => void;
};

export function CommandButton({ label, command, onClick }: CommandButtonProps) {
  const { t } = useTranslation();
  const mayAct = useQuery(trpc.system.mayAct.queryOptions(undefined, { staleTime: Infinity })).data ?? false;
  const { data, error, isPending } = command;
  return (
    <Group gap="xs" wrap="nowrap">
      <span title={mayAct ? undefined : t("mayNotAct")}>
        <Button size="compact-xs" variant="light" disabled={!mayAct} loading={isPending} onClick={onClick}>
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
