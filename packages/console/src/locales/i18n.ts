/** The language: the browser's at first, then what the person chose. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en.ts";
import { fr } from "./fr.ts";
import type { sessionEn } from "../session/texts-en.ts";

const remembered = "releve.language";

declare module "i18next" {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- the library is told its keys by this interface
  interface CustomTypeOptions {
    resources: { translation: typeof en & typeof sessionEn };
  }
}

export async function startTexts(): Promise<void> {
  const language = localStorage.getItem(remembered) ?? (navigator.language.startsWith("fr") ? "fr" : "en");
  i18next.on("languageChanged", (chosen) => {
    document.documentElement.lang = chosen;
    localStorage.setItem(remembered, chosen);
  });
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: en }, fr: { translation: fr } },
    interpolation: { escapeValue: false }, // React escapes
  });
}
