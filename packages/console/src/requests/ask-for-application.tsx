/** The button that opens the form. What there is to ask for is asked once, when it is opened: it needs the volumes' plans. */
import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import { useSaid } from "../french/use-said.ts";
import { trpc } from "../app/trpc.ts";

/** Nobody loads the form who only looks. */
const RequestForm = lazy(async () => ({ default: (await import("./request-form.tsx")).RequestForm }));

export function AskForApplication({ study }: { readonly study: string }) {
  const { t } = useTranslation();
  const say = useSaid();
  const [isOpen, setIsOpen] = useState(false);
  const question = useQuery(trpc.requests.options.queryOptions({ study }, { enabled: false }));
  const toggle = () => {
    if (!isOpen) void question.refetch();
    setIsOpen(!isOpen);
  };
  return (
    <>
      <Group>
        <Button size="compact-sm" variant="light" aria-expanded={isOpen} onClick={toggle}>
          {t("askForApplication")}
        </Button>
      </Group>
      {isOpen ? (
        <Answer question={question}>
          {(options) =>
            "refused" in options ? (
              <Text c="orange" role="alert">
                {say(options.reason)}
              </Text>
            ) : (
              <Suspense fallback={t("loading")}>
                <RequestForm key={options.study} options={options} />
              </Suspense>
            )
          }
        </Answer>
      ) : null}
    </>
  );
}
