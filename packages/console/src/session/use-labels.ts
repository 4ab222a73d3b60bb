/** What stands in the pictures, in the person's language, with units. */
import type { FrameHeader } from "@releve/wire/session/frame-header";
import { measure } from "@releve/wire/session/measure";
import type { Annotation, Viewport } from "@releve/wire/session/view-state";
import { useTranslation } from "react-i18next";
import type { SessionSnapshot } from "./session-client.ts";

export function useLabels({ opened, view, statistics }: SessionSnapshot) {
  const { t, i18n } = useTranslation();
  const number = (value: number, digits = 1) =>
    value.toLocaleString(i18n.language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  /** SUV needs its decimals; HU and counts are whole. */
  const inUnit = (value: number, unit: string) => `${number(value, unit === "SUVbw" ? 2 : 0)} ${unit}`.trim();
  const viewportName = (viewport: Viewport): string => t(`viewport_${viewport}`);

  const annotation = (of: Annotation): readonly string[] => {
    const measured = measure(of);
    switch (measured.kind) {
      case "length":
        return [`${number(measured.mm)} mm`];
      case "angle":
        return [`${number(measured.degrees)}°`];
      case "circle": {
        const area = `${number(measured.areaMm2 / 100, 2)} cm²`;
        const found = statistics.get(of.id);
        if (!found) return [area];
        const { mean, deviation, least, most, unit } = found;
        return [
          area,
          `${t("mean")} ${inUnit(mean, unit)} ± ${inUnit(deviation, "")}`,
          `${inUnit(least, "")} – ${inUnit(most, unit)}`,
        ];
      }
    }
  };
  const corner = (viewport: Viewport, { window }: FrameHeader): readonly string[] => {
    const digits = opened?.unit === "SUVbw" ? 1 : 0;
    const lines = [
      viewportName(viewport),
      `C ${number(window.centre, digits)}  W ${number(window.width, digits)} ${opened?.unit ?? ""}`.trim(),
    ];
    if (viewport === "volume") return [...lines, view ? t(`volumeMode_${view.volumeMode}`) : ""];
    const slab = view?.slab;
    return slab && slab.thicknessMm > 0
      ? [...lines, `${t(`slab_${slab.mode}`)} ${number(slab.thicknessMm, 0)} mm`]
      : lines;
  };
  const quality = ({ quality: is, encoding, bitDepth }: FrameHeader): string =>
    is === "rest" && encoding === "png-lossless" ? t("lossless", { bits: bitDepth }) : t("inMotion");
  return { annotation, corner, quality, viewportName, inUnit };
}
