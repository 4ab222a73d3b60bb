/** Dates and numbers as the person's language writes them. */
import { useTranslation } from "react-i18next";

export function useFormat() {
  const { i18n } = useTranslation();
  const language = i18n.language;
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" });
  const milliseconds = new Intl.NumberFormat(language, {
    style: "unit",
    unit: "millisecond",
    maximumFractionDigits: 0,
  });
  return {
    moment: (atMs: number) => moment.format(atMs),
    milliseconds: (count: number) => milliseconds.format(count),
  };
}

/** Enough of an id to tell rows apart; the whole is in the address. */
export const shortId = (id: string): string => id.slice(0, 8);
