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

export function codedElements(code: CodedConcept): Elements {
  return elementsOf({
    CodeValue: code.codeValue,
    CodingSchemeDesignator: code.codingSchemeDesignator,
    CodeMeaning: code.codeMeaning,
  });
}
