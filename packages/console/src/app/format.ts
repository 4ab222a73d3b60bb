/** Dates and numbers as the person's language writes them. */
import { useTranslation } from "react-i18next";

export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" });
  const inUnit = (unit: string, maximumFractionDigits = 0) =>
    new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits });
  return {
    moment: (atMs: number) => moment.format(atMs),
    milliseconds: (count: number) => inUnit("millisecond").format(count),
    seconds: (ms: number) => inUnit("second", 1).format(ms / 1_000),
    mebibytes: (bytes: number) => `${Math.round(bytes / 1024 ** 2).toLocaleString(language)} MiB`,
    significant: (value: number) => value.toLocaleString(language, { maximumSignificantDigits: 2 }),
    count: (value: number) => value.toLocaleString(language),
  };
}

/** Enough of an id to tell rows apart; the whole is in the address. */
export const shortId = (id: string): string => id.slice(0, 8);
