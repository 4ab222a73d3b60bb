/** A session: three linked planes, the view of the whole, tools above, the state of things below. Loaded only when one opens. */
import { Anchor, Badge, Box, Group, Stack, Text } from "@mantine/core";
import { viewports } from "@releve/wire/session/view-state";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { LanguageChoice } from "../app/language-choice.tsx";
import { SignInIsOver } from "../sign-in/signed-out.tsx";
import { SessionClient, type SessionSnapshot } from "./session-client.ts";
import { SessionNotice } from "./session-notice.tsx";
import { reset, SessionToolbar } from "./session-toolbar.tsx";
import { useLabels } from "./use-labels.ts";
import { ViewportPane, type Painters } from "./viewport-pane.tsx";
import { toolKeys, type Tool } from "./viewport-tools.ts";

export function SessionPage({ session }: { readonly session: string }) {
  const { client, painters } = useSession(session);
  const snapshot = useSyncExternalStore(client.subscribe, client.snapshot);
  const [tool, setTool] = useState<Tool>("window");
  useShortcuts(client, setTool);
  return (
    <Stack h="100dvh" gap={4} p={4} style={{ overflow: "hidden" }}>
      <SessionToolbar client={client} snapshot={snapshot} tool={tool} onTool={setTool} />
      {snapshot.signedOut ? <SignInIsOver /> : null}
      <SessionNotice snapshot={snapshot} onRetry={client.retry} />
      <Box
        component="main"
        flex={1}
        mih={0}
        style={{ display: "grid", gap: 2, gridTemplate: "1fr 1fr / 1fr 1fr", minHeight: 0 }}
      >
        {viewports.map((viewport) => (
          <Box key={viewport} mih={0} miw={0} style={{ border: "1px solid var(--mantine-color-dark-4)" }}>
            <ViewportPane
              viewport={viewport}
              client={client}
              painters={painters}
              snapshot={snapshot}
              tool={tool}
            />
          </Box>
        ))}
      </Box>
      <StatusBar snapshot={snapshot} />
    </Stack>
  );
}

/** A page that is loaded again is another one: what it had not said is gone with it. */
function useSession(session: string): { client: SessionClient; painters: Painters } {
  const [made] = useState(() => {
    const painters: Painters = new Map();
    const client = new SessionClient({
      page: crypto.randomUUID(),
      connect: () => new WebSocket(streamUrl(session)),
      onFrame: (shown, painted) => {
        const take = painters.get(shown.header.viewport);
        if (take) take(shown, painted);
        else painted();
      },
    });
    return { client, painters };
  });
  useEffect(() => {
    made.client.start();
    return () => made.client.stop();
  }, [made]);
  return made;
}

const streamUrl = (session: string): string =>
  `${location.origin.replace(/^http/, "ws")}/session/${encodeURIComponent(session)}/stream`;

function useShortcuts(client: SessionClient, onTool: (tool: Tool) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLSelectElement || event.target instanceof HTMLInputElement) return;
      if ((event.ctrlKey || event.metaKey) && event.key === "z") return client.input({ type: "undo" });
      if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
      if (event.key === "0") return reset(client);
      const tool = toolKeys[event.key.toLowerCase()];
      return tool ? onTool(tool) : undefined;
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [client, onTool]);
}

function StatusBar({ snapshot }: { readonly snapshot: SessionSnapshot }) {
  const { t } = useTranslation();
  const { opened, probed, pending, moves } = snapshot;
  const { inUnit } = useLabels(snapshot);
  const value = probed?.value;
  return (
    <Group component="footer" justify="space-between" gap="xs" wrap="nowrap">
      <Group gap="md" wrap="nowrap">
        <Anchor href="/" size="sm">
          ← {t("studies")}
        </Anchor>
        <Text size="sm" data-probe={value ?? ""}>
          {probed
            ? value === null || value === undefined
              ? t("noValueHere")
              : inUnit(value, probed.unit)
            : ""}
        </Text>
        {pending.size > 0 ? (
          <Badge color="yellow" variant="light">
            {t("annotationsPending", { count: pending.size })}
          </Badge>
        ) : null}
      </Group>
      <Group gap="md" wrap="nowrap">
        {opened ? (
          <Text size="xs" c="dimmed">
            {t("sessionPlace", {
              node: `${opened.host.site}/${opened.host.node}`,
              standby: opened.standby ? `${opened.standby.site}/${opened.standby.node}` : t("noStandby"),
              epoch: opened.epoch,
            })}
            {moves > 0 ? ` · ${t("sessionMoved", { count: moves })}` : ""}
          </Text>
        ) : null}
        <Text size="xs" c="dimmed">
          {t("notForDiagnosisViewer")}
        </Text>
        <LanguageChoice />
      </Group>
    </Group>
  );
}
