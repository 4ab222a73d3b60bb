/** How a fused picture looks, in the volumes' own values. */

export type Look = {
  /** HU. */
  readonly ctCenter: number;
  readonly ctWidth: number;
  /** The PET value at the palette's end; zero is at its beginning. */
  readonly petTop: number;
  /** The palette's share, 0 to 1; the rest is the CT's. */
  readonly alpha: number;
};
