/** What the session is in the middle of, as a sentence: nobody is left before a spinner without end. */
import { Alert, Button, Group, Loader, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SessionSnapshot } from "./session-client.ts";

/** A short silence is one reconnection; longer than this the person hears for how long. */
const tellAfterS = 3;

export function SessionNotice({
  snapshot: { phase, opened },
  onRetry,
}: {
  readonly snapshot: SessionSnapshot;
  readonly onRetry: () => void;
}) {
  const { t } = useTranslation();
  const silentS = useSeconds(phase.is === "offline" ? phase.sinceMs : undefined);
  if (phase.is === "open") return null;
  if (phase.is === "refused" || phase.is === "waiting")
    return (
      <Alert color={phase.is === "refused" ? "red" : "yellow"} role="alert" p="xs">
        <Group justify="space-between">
          <Text size="sm">
            {isKnown(phase.code) ? t(known[phase.code]) : phase.reason}{" "}
            {phase.is === "waiting" ? t("sessionAskedAgain") : ""}
          </Text>
          <Button size="compact-sm" variant="light" onClick={onRetry}>
            {t("retry")}
          </Button>
        </Group>
      </Alert>
    );
  return (
    <Alert color={opened ? "yellow" : "blue"} role="status" p="xs">
      <Group gap="xs">
        <Loader size="xs" />
        <Text size="sm">
          {t(`session_${phase.is}`)} {silentS >= tellAfterS ? t("sessionSilent", { count: silentS }) : ""}
        </Text>
        {silentS >= tellAfterS ? (
          <Button size="compact-sm" variant="light" onClick={onRetry}>
            {t("retry")}
          </Button>
        ) : null}
      </Group>
    </Alert>
  );
}

const known = {
  SATURATED: "sessionSaturated",
  NODE_FULL: "sessionSaturated",
  SESSION_UNKNOWN: "sessionUnknown",
  SESSION_CLOSED: "sessionClosed",
  SESSION_LOST: "sessionLost",
  LEDGER_UNREACHABLE: "refusedLedgerUnreachable",
  VOLUME_AWAY: "sessionVolumeAway",
} as const;
const isKnown = (code: string): code is keyof typeof known => Object.hasOwn(known, code);

function useSeconds(sinceMs: number | undefined): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (sinceMs === undefined) return undefined;
    const ticking = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(ticking);
  }, [sinceMs]);
  return sinceMs === undefined ? 0 : Math.max(0, Math.floor((nowMs - sinceMs) / 1_000));
}
