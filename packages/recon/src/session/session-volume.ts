/** The volume of a session: its values in the unit that a reader expects, and the window that it opens with. */
import { suvFactor } from "@releve/apps/suv/suv-factor";
import { isRefusal, type Refusal } from "@releve/domain/refusal";
import type { Volume } from "@releve/domain/volume";
import { initialView } from "@releve/wire/session/initial-view";
import type { DisplayWindow, ViewState } from "@releve/wire/session/view-state";
import type { LoadedInput } from "../load-input.ts";

export type SessionVolume = {
  readonly volume: Volume;
  readonly modality: string;
  /** Shown value = real-world value of the volume * factor, in the unit. */
  readonly unit: string;
  readonly factor: number;
  readonly home: ViewState;
};

/** @returns the loader's Refusal as it is; a PET whose header gives no SUV is shown in its own unit. */
export function sessionVolume(input: LoadedInput | Refusal): SessionVolume | Refusal {
  if (isRefusal(input)) return input;
  const { volume, plan } = input;
  const { unit, factor } = scaleOf(input);
  const home = initialView(plan.geometry, openingWindow(input, unit, factor));
  return { volume, modality: plan.modality, unit, factor, home };
}

type Scale = Pick<SessionVolume, "unit" | "factor">;

function scaleOf({ plan, attributes, lastAttributes }: LoadedInput): Scale {
  if (plan.modality === "CT") return { unit: "HU", factor: 1 };
  if (plan.modality !== "PT") return { unit: "", factor: 1 };
  const suv = suvFactor(lastAttributes ? [attributes, lastAttributes] : attributes, "SUVbw");
  if (!isRefusal(suv)) return { unit: "SUVbw", factor: suv.factor };
  const stated = attributes.string("Units") ?? "";
  return { unit: stated === "BQML" ? "Bq/ml" : stated.slice(0, 32), factor: 1 };
}

/** What a reader knows: soft tissue for CT, 0 to 10 for SUV; else what the header asks for, else most of the values. */
function openingWindow(
  { volume, plan, attributes }: LoadedInput,
  unit: string,
  factor: number,
): DisplayWindow {
  if (plan.modality === "CT") return { centre: 40, width: 400 };
  if (unit === "SUVbw") return { centre: 5, width: 10 };
  const [centre, width] = [attributes.number("WindowCenter"), attributes.number("WindowWidth")];
  if (centre !== undefined && width !== undefined && width > 0)
    return { centre: centre * factor, width: width * factor };
  return windowOfMost(volume, factor);
}

const samplesMost = 100_000;

/** From the hundredth to the 995th of a thousand values. */
function windowOfMost({ voxels, padding }: Volume, factor: number): DisplayWindow {
  const step = Math.max(1, Math.floor(voxels.values.length / samplesMost));
  const found: number[] = [];
  for (let at = 0; at < voxels.values.length; at += step) {
    const stored = voxels.values[at]!;
    if (padding && stored >= padding.low && stored <= padding.high) continue;
    if (Number.isFinite(stored)) found.push(realOf(voxels, stored) * factor);
  }
  found.sort((a, b) => a - b);
  const [low, high] = [
    found[Math.floor(found.length * 0.1)] ?? 0,
    found[Math.floor(found.length * 0.995)] ?? 1,
  ];
  return { centre: (low + high) / 2, width: Math.max(high - low, 1e-3) };
}

const realOf = (voxels: Volume["voxels"], stored: number): number =>
  voxels.kind === "stored" ? stored * voxels.slope + voxels.intercept : stored;
