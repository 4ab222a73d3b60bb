/** Nobody is signed in: at first a page of its own; later, over work that is open, a notice that leaves it as it is. */
import { Alert, Anchor, Button, Center, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LanguageChoice } from "../app/language-choice.tsx";
import { signInHref } from "./refused.ts";

export function SignInPage() {
  const { t } = useTranslation();
  return (
    <Center component="main" mih="70vh">
      <Stack align="center" gap="md">
        <Title order={1}>Relève</Title>
        <Text>{t("signInFirst")}</Text>
        <Button component="a" href={signInHref(location)} size="md" autoFocus>
          {t("signIn")}
        </Button>
        <LanguageChoice />
      </Stack>
    </Center>
  );
}

/** In a tab of its own: what is on the page stays there. */
export function SignInIsOver() {
  const { t } = useTranslation();
  return (
    <Alert color="orange" role="alert" mb="md">
      <Group justify="space-between">
        {t("signInIsOver")}
        <Anchor href="/sign-in" target="_blank" rel="noreferrer">
          {t("signInAgain")}
        </Anchor>
      </Group>
    </Alert>
  );
}
