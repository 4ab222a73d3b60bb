/** What may be copied from a source image, and what PS3.3 asks of it. The tables in `modules/` and `iod/` are made of these. */

/** 1: present with a value. 2: present, may be empty. 3: optional. 1C and 2C: the same under a condition of the module. */
export type AttributeType = "1" | "1C" | "2" | "2C" | "3";

export type AttributeRule = {
  readonly keyword: string;
  readonly type: AttributeType;
  /** Greatest number of values or items. */
  readonly most: number;
  readonly oneOf?: readonly string[];
  /** A value that is there but cannot be written is refused rather than dropped: a wrong patient is worse than no result. */
  readonly identity?: boolean;
  /** Left out unless one of these is written too. */
  readonly needsOneOf?: readonly string[];
  /** A sequence: the rules of its items. An item that breaks one is left out. */
  readonly items?: readonly AttributeRule[];
};

type Options = Partial<Omit<AttributeRule, "keyword" | "type">>;

const rule =
  (type: AttributeType) =>
  (keyword: string, options: Options = {}): AttributeRule => ({ keyword, type, most: 1, ...options });

export const type1 = rule("1");
export const type1C = rule("1C");
export const type2 = rule("2");
export const type2C = rule("2C");
export const type3 = rule("3");

/** For attributes of several values or items, whose number is bounded so that a hostile source stays small. */
export const many = { most: 100 } as const;
