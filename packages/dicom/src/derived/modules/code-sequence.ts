/** Code Sequence Macro, PS3.3 section 8.8. */
import { type1, type1C, type2, type3, many, type AttributeRule } from "../attribute-rule.ts";
import type { CodedConcept } from "../derived-series.ts";
import { elementsOf, type Elements } from "../elements.ts";

export const codeItem: readonly AttributeRule[] = [
  type1("CodeValue"),
  type1("CodingSchemeDesignator"),
  type1C("CodingSchemeVersion"),
  type1("CodeMeaning"),
];

export const type2Code = (keyword: string): AttributeRule => type2(keyword, { items: codeItem });
export const type3Codes = (keyword: string): AttributeRule => type3(keyword, { items: codeItem, ...many });

/** Code Value has room for 16 characters, which some units of UCUM exceed. */
export function codedElements(code: CodedConcept): Elements {
  const isLong = code.codeValue.length > 16;
  return elementsOf({
    CodeValue: isLong ? undefined : code.codeValue,
    LongCodeValue: isLong ? code.codeValue : undefined,
    CodingSchemeDesignator: code.codingSchemeDesignator,
    CodeMeaning: code.codeMeaning,
  });
}
