/** The person's language, as one of those that there are. */
import { useTranslation } from "react-i18next";

export type Language = "en" | "fr";

export const useLanguage = (): Language => (useTranslation().i18n.language === "fr" ? "fr" : "en");
