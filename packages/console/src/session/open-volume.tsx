/** Opens a volume of a study in a session of its own page. */
import { Button, Group, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { trpc } from "../app/trpc.ts";

export function OpenVolume({ study, plan }: { readonly study: string; readonly plan: string }) {
  const { t } = useTranslation();
  const open = useMutation(
    trpc.sessions.open.mutationOptions({
      onSuccess: (answer) => {
        if ("session" in answer) location.assign(`/session/${answer.session}`);
      },
    }),
  );
  const refused = open.data && "refused" in open.data ? open.data : undefined;
  return (
    <Group gap="xs" wrap="nowrap" display="inline-flex">
      <Button
        size="compact-xs"
        variant="light"
        loading={open.isPending}
        onClick={() => open.mutate({ study, plan })}
      >
        {t("openViewer")}
      </Button>
      {refused ? (
        <Text size="xs" c="orange" role="alert">
          {refused.refused === "SATURATED" ? t("sessionSaturated") : refused.reason}
        </Text>
      ) : null}
      {open.error ? (
        <Text size="xs" c="red" role="alert">
          {t("failed", { reason: open.error.message })}
        </Text>
      ) : null}
    </Group>
  );
}
