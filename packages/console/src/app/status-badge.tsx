/** A status as a word with a colour; the word alone says it. */
import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";

const colors = {
  receiving: "blue",
  settled: "cyan",
  ruled: "teal",
  waiting: "gray",
  running: "blue",
  completed: "teal",
  cancelled: "gray",
  failed: "red",
  pending: "yellow",
  delivered: "teal",
  stopped: "red",
  alive: "teal",
  lagging: "yellow",
  suspect: "orange",
  lost: "red",
  superseded: "gray",
  draining: "yellow",
  left: "gray",
  silent: "red",
  unknown: "gray",
  returned: "teal",
  current: "teal",
  catchingUp: "yellow",
  offline: "red",
  local: "gray",
  safe: "teal",
  unsafe: "orange",
} as const;

type Status = keyof typeof colors;
const isStatus = (text: string): text is Status => Object.hasOwn(colors, text);

export function StatusBadge({ status }: { readonly status: string }) {
  const { t } = useTranslation();
  if (!isStatus(status)) return <Badge color="gray">{status}</Badge>;
  return (
    <Badge color={colors[status]} variant="light">
      {t(status === "failed" ? "failedStatus" : status)}
    </Badge>
  );
}
