/**
 * Looks for CT, in HU. What each value means, rounded from the usual tables (Buzug, Computed Tomography, 2008, p. 475; Prokop,
 * Spiral and Multislice Computed Tomography of the Body, 2003): air -1000, inflated lung -910 to -850, fat -100 to -50, water 0,
 * muscle and blood 35 to 65, spongy bone 50 to 200, compact bone from 250 to above 1000, teeth to 3000; blood with contrast
 * medium 200 to 500. Opacities are ours: a surface that should look solid is opaque within about 2 mm (1.5 / mm absorbs 95 %).
 */
import type { RenderLook } from "@releve/kernels/kernel-runner";

export const presetNames = ["bone", "vessel", "lung", "soft-tissue"] as const;
export type PresetName = (typeof presetNames)[number];

type Points = RenderLook["points"];

const none = [0, 0, 0] as const;
const ivory = [0.96, 0.92, 0.82] as const;
const bloodRed = [0.82, 0.16, 0.12] as const;
const muscle = [0.72, 0.33, 0.27] as const;
const fat = [0.93, 0.8, 0.52] as const;

export const presets: Readonly<Record<PresetName, Points>> = {
  /** Nothing up to 150: muscle and organs with contrast medium stay away with three deviations of usual noise (20 to 30). */
  bone: [
    { value: 150, rgb: [0.75, 0.5, 0.38], opacityPerMm: 0 },
    { value: 300, rgb: [0.85, 0.7, 0.55], opacityPerMm: 0.3 },
    { value: 600, rgb: ivory, opacityPerMm: 1.5 },
    { value: 1500, rgb: [1, 1, 1], opacityPerMm: 3 },
  ],
  /**
   * Arterial blood with contrast medium is solid from 250 on; 130 and below is tissue. Bone and calcium are as dense and show as
   * well, in ivory from 700 on: they are told apart by colour and cut away by clipping, never by this table.
   */
  vessel: [
    { value: 130, rgb: bloodRed, opacityPerMm: 0 },
    { value: 250, rgb: bloodRed, opacityPerMm: 0.8 },
    { value: 450, rgb: [0.95, 0.45, 0.3], opacityPerMm: 1.5 },
    { value: 700, rgb: ivory, opacityPerMm: 1.5 },
  ],
  /**
   * A veil over inflated lung (-950 to -700) in which vessels and dense areas (-600 to -200) stand out. Solid tissue is made clear
   * again, else the chest wall would hide the lung; its surface stays as a veil, because a voxel between air and skin has every
   * value between theirs.
   */
  lung: [
    { value: -1000, rgb: none, opacityPerMm: 0 },
    { value: -950, rgb: [0.35, 0.45, 0.6], opacityPerMm: 0 },
    { value: -850, rgb: [0.45, 0.55, 0.7], opacityPerMm: 0.006 },
    { value: -700, rgb: [0.65, 0.62, 0.66], opacityPerMm: 0.02 },
    { value: -500, rgb: [0.9, 0.6, 0.5], opacityPerMm: 0.15 },
    { value: -300, rgb: [0.95, 0.5, 0.4], opacityPerMm: 0.15 },
    { value: -150, rgb: [0.95, 0.5, 0.4], opacityPerMm: 0 },
  ],
  /** Fat as a veil, muscle and organs solid, bone ivory. */
  "soft-tissue": [
    { value: -200, rgb: fat, opacityPerMm: 0 },
    { value: -100, rgb: fat, opacityPerMm: 0.03 },
    { value: -20, rgb: muscle, opacityPerMm: 0.1 },
    { value: 50, rgb: muscle, opacityPerMm: 0.6 },
    { value: 150, rgb: bloodRed, opacityPerMm: 0.8 },
    { value: 300, rgb: ivory, opacityPerMm: 1.5 },
  ],
};
