/** Who is signed in, with which roles, and the way out. */
import { Button, Group, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Me } from "../app/answers.ts";

/** Ends the sign-in here and at the identity provider; the server takes it from our own pages alone. */
async function signOut(): Promise<void> {
  const response = await fetch("/sign-out", { method: "POST" });
  if (!response.ok) throw new Error(response.statusText);
  location.assign("/");
}

/** Where no identity provider is set nobody is signed in, and nobody can sign out. */
export function WhoAmI({ me: { name, roles } }: { readonly me: Me }) {
  const { t } = useTranslation();
  const out = useMutation({ mutationFn: signOut });
  if (name === "") return null;
  const held = roles.map((role) => t(`role_${role}`)).join(", ");
  return (
    <Group gap="xs" wrap="nowrap">
      <Text size="sm" title={held}>
        {held === "" ? t("noRole") : held === name ? name : `${name} · ${held}`}
      </Text>
      <Button size="compact-xs" variant="light" loading={out.isPending} onClick={() => out.mutate()}>
        {t("signOut")}
      </Button>
      {out.error ? (
        <Text size="xs" c="red" role="alert">
          {t("failed", { reason: out.error.message })}
        </Text>
      ) : null}
    </Group>
  );
}
