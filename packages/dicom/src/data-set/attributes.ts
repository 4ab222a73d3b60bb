/**
 * Read access to a data set by DICOM keyword, as PS3.6 spells it. Values are read when asked for, so a bad attribute
 * harms only those who need it. Sequences give data sets again.
 */
export type Attributes = {
  /** Present, even with an empty value. */
  readonly has: (keyword: string) => boolean;
  /** The first value as text, trimmed and decoded by Specific Character Set; undefined when absent or empty. */
  readonly string: (keyword: string) => string | undefined;
  readonly strings: (keyword: string) => readonly string[];
  /** The first value as a finite number; undefined when absent, empty or not a number. */
  readonly number: (keyword: string) => number | undefined;
  /** Every value; NaN where one is not a finite number. */
  readonly numbers: (keyword: string) => readonly number[];
  readonly bytes: (keyword: string) => Uint8Array | undefined;
  readonly items: (keyword: string) => readonly Attributes[];
  /** A private attribute: `element` is the low byte within the block that `creator` reserved in `group`. */
  readonly privateNumbers: (group: number, creator: string, element: number) => readonly number[];
  readonly privateStrings: (group: number, creator: string, element: number) => readonly string[];
  readonly privateBytes: (group: number, creator: string, element: number) => Uint8Array | undefined;
};
