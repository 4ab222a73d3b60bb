/** What a question looks like before, without and after its answer; nobody is left before a spinner without end. */
import { Alert, Button, Group, Loader, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { refusedBy } from "../sign-in/refused.ts";

type Question<T> = {
  readonly data: T | undefined;
  readonly error: { readonly message: string } | null;
  readonly refetch: () => unknown;
};

type AnswerProps<T> = {
  readonly question: Question<T>;
  readonly empty?: { readonly when: (data: T) => boolean; readonly text: string };
  readonly children: (data: T) => ReactNode;
};

export function Answer<T>({ question, empty, children }: AnswerProps<T>) {
  const { t } = useTranslation();
  if (question.data !== undefined) {
    return empty?.when(question.data) ? <Text c="dimmed">{empty.text}</Text> : children(question.data);
  }
  if (question.error && refusedBy(question.error) !== undefined) {
    return (
      <Alert color="yellow" role="alert">
        {t(refusedBy(question.error) === "notAllowed" ? "notAllowed" : "signInFirst")}
      </Alert>
    );
  }
  if (question.error) {
    return (
      <Alert color="red" role="alert">
        <Group justify="space-between">
          {t("failed", { reason: question.error.message })}
          <Button size="xs" variant="light" onClick={() => void question.refetch()}>
            {t("retry")}
          </Button>
        </Group>
      </Alert>
    );
  }
  return (
    <Group role="status">
      <Loader size="sm" />
      <Text>{t("loading")}</Text>
    </Group>
  );
}
