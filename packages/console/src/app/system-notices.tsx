/** What concerns every page: a ledger that does not answer, a read model that is behind, a drill that runs. */
import { Alert, List, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { SystemView } from "./answers.ts";
import { useFormat } from "./format.ts";
import { trpc } from "./trpc.ts";

const lookEveryMs = 2_000;
/** Shorter silences are one late answer, and shorter lags come and go with every burst of events. */
const toTellMs = 3_000;

export function SystemNotices() {
  const system = useQuery(trpc.system.sites.queryOptions(undefined, { refetchInterval: lookEveryMs }));
  return (
    <>
      <RunningDrill />
      {system.data ? <LedgerNotice system={system.data} /> : null}
    </>
  );
}

function LedgerNotice({ system: { ledger, lag, nowMs } }: { readonly system: SystemView }) {
  const { t } = useTranslation();
  const { moment, seconds } = useFormat();
  if (ledger.silentSinceMs !== null && nowMs - ledger.silentSinceMs >= toTellMs)
    return (
      <Alert color="orange" role="status" mb="md">
        {t("ledgerSilent", { since: moment(ledger.silentSinceMs) })}
      </Alert>
    );
  if (lag.ms < toTellMs) return null;
  return (
    <Alert color="yellow" role="status" mb="md">
      {t("behind", { count: lag.commits ?? 0, time: seconds(lag.ms) })}
    </Alert>
  );
}

function RunningDrill() {
  const { t } = useTranslation();
  const { milliseconds } = useFormat();
  const drill = useQuery(trpc.system.drill.queryOptions(undefined, { refetchInterval: lookEveryMs })).data;
  if (!drill) return null;
  const { fault, run, runs, seed, phase, gapMs, violations } = drill;
  return (
    <Alert
      color={violations.length > 0 ? "red" : "grape"}
      role="status"
      mb="md"
      title={t("drill", { fault })}
    >
      <Text size="sm">
        {t("drillRun", { run, runs, seed })} · {t(`phase_${phase}`)}
        {gapMs === null ? "" : ` · ${t("drillGap", { gap: milliseconds(gapMs) })}`}
      </Text>
      {violations.length > 0 ? (
        <List size="sm" aria-label={t("violations")}>
          {violations.map((violation) => (
            <List.Item key={violation}>{violation}</List.Item>
          ))}
        </List>
      ) : null}
    </Alert>
  );
}
