/** Content items of a structured report, PS3.3 C.17.3: each by its relationship to its parent. The root has none. */
import type { SourceReference } from "../derivation-context.ts";
import type { CodedConcept } from "../derived-series.ts";
import { decimalString } from "../decimal-string.ts";
import { elementsOf, merged, type Elements } from "../elements.ts";
import { codedElements } from "../modules/code-sequence.ts";
import { instanceReference } from "../referenced-series.ts";

export type Relation =
  | "CONTAINS"
  | "HAS OBS CONTEXT"
  | "HAS CONCEPT MOD"
  | "HAS ACQ CONTEXT"
  | "HAS PROPERTIES";

type Head = { readonly relation?: Relation; readonly name?: CodedConcept; readonly type: string };

function item({ relation, name, type }: Head, value: Elements, children: readonly Elements[] = []): Elements {
  return merged([
    elementsOf({
      RelationshipType: relation,
      ValueType: type,
      ConceptNameCodeSequence: name && [codedElements(name)],
    }),
    value,
    elementsOf({ ContentSequence: children.length > 0 ? children : undefined }),
  ]);
}

/** `template`: of PS3.16, where the container follows one. */
export function container(
  relation: Relation | undefined,
  name: CodedConcept,
  children: readonly Elements[],
  template?: string,
): Elements {
  const value = elementsOf({
    ContinuityOfContent: "SEPARATE",
    ContentTemplateSequence: template
      ? [elementsOf({ MappingResource: "DCMR", TemplateIdentifier: template })]
      : undefined,
  });
  return item({ ...(relation && { relation }), name, type: "CONTAINER" }, value, children);
}

export function code(
  relation: Relation,
  name: CodedConcept,
  value: CodedConcept,
  children: readonly Elements[] = [],
): Elements {
  const coded = elementsOf({ ConceptCodeSequence: [codedElements(value)] });
  return item({ relation, name, type: "CODE" }, coded, children);
}

export function text(relation: Relation, name: CodedConcept, value: string): Elements {
  return item({ relation, name, type: "TEXT" }, elementsOf({ TextValue: value }));
}

export function uidReference(relation: Relation, name: CodedConcept, uid: string): Elements {
  return item({ relation, name, type: "UIDREF" }, elementsOf({ UID: uid }));
}

/** `segmentNumber`: of a segmentation. */
export function image(
  relation: Relation,
  name: CodedConcept | undefined,
  reference: SourceReference,
  segmentNumber?: number,
): Elements {
  const referenced = merged([
    instanceReference(reference),
    elementsOf({ ReferencedSegmentNumber: segmentNumber }),
  ]);
  return item(
    { relation, ...(name && { name }), type: "IMAGE" },
    elementsOf({ ReferencedSOPSequence: [referenced] }),
  );
}

/** A Decimal String has 16 characters; where they do not hold the number, the double that does is beside it. */
export function number(
  relation: Relation,
  name: CodedConcept,
  { value, unit }: { readonly value: number; readonly unit: CodedConcept },
  children: readonly Elements[],
): Elements {
  const decimal = decimalString(value);
  const measured = elementsOf({
    NumericValue: decimal,
    FloatingPointValue: Number(decimal) === value ? undefined : value,
    MeasurementUnitsCodeSequence: [codedElements(unit)],
  });
  return item({ relation, name, type: "NUM" }, elementsOf({ MeasuredValueSequence: [measured] }), children);
}
