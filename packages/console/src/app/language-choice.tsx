/** The two languages, each by its own name. */
import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("language")}
      value={i18n.language}
      onChange={(language) => void i18n.changeLanguage(language)}
      data={[
        { value: "en", label: "English" },
        { value: "fr", label: "Français" },
      ]}
    />
  );
}
