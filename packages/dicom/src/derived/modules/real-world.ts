/** Real World Value Mapping, PS3.3 C.7.6.16.2.11: what a value is, by which method it was got, and its unit. */
import { clipText } from "../clip-text.ts";
import type { CodedConcept, RealWorldMeaning } from "../derived-series.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";
import type { StoredScale } from "../quantise.ts";
import { codedElements } from "./code-sequence.ts";

const quantityName = sct("246205007", "Quantity");
const methodName = sct("370129005", "Measurement Method");

/** `line`: the range of stored values that the mapping is true of, and its slope and intercept. */
export function realWorldMapping({ quantity, unit, method }: RealWorldMeaning, line: Elements): Elements {
  const definitions = [coded(quantityName, quantity), ...(method ? [coded(methodName, method)] : [])];
  const item = elementsOf({
    LUTExplanation: clipText(quantity.codeMeaning, 64),
    LUTLabel: clipText(quantity.codeMeaning, 16).trim(),
    MeasurementUnitsCodeSequence: [codedElements(unit)],
    QuantityDefinitionSequence: definitions,
  });
  return elementsOf({ RealWorldValueMappingSequence: [merged([item, line])] });
}

/** Of 16-bit images: the whole range of their stored values, but for padding. */
export function storedLine({ slope, intercept, signed }: StoredScale): Elements {
  const vr = signed ? "SS" : "US";
  const [first, last] = signed ? [-32_767, 32_767] : [0, 65_535];
  return merged([
    elementsOf({ RealWorldValueSlope: slope, RealWorldValueIntercept: intercept }),
    new Map([
      ["RealWorldValueFirstValueMapped", { vr, values: [first] }],
      ["RealWorldValueLastValueMapped", { vr, values: [last] }],
    ]),
  ]);
}

/** Content Item Macro, PS3.3 section 10.2. */
function coded(name: CodedConcept, value: CodedConcept): Elements {
  return elementsOf({
    ValueType: "CODE",
    ConceptNameCodeSequence: [codedElements(name)],
    ConceptCodeSequence: [codedElements(value)],
  });
}

function sct(codeValue: string, codeMeaning: string): CodedConcept {
  return { codeValue, codingSchemeDesignator: "SCT", codeMeaning };
}
