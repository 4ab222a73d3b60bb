/** General Reference, PS3.3 C.7.6.1.1.4: the images that a result was computed from. */
import { isUid } from "@releve/domain/ids";
import type { SourceReference } from "./derivation-context.ts";
import { elementsOf, type Elements } from "./elements.ts";
import { codedElements } from "./modules/code-sequence.ts";

/** Context group 7202. */
export const sourcePurpose = codedElements({
  codeValue: "121322",
  codingSchemeDesignator: "DCM",
  codeMeaning: "Source image for image processing operation",
});

/** A multi-frame source counts once, however many of its frames were used; one without a valid UID cannot be named. */
export function sourceImageElements(sources: readonly SourceReference[]): Elements {
  const valid = sources.filter((source) => isUid(source.sopInstanceUid) && isUid(source.sopClassUid));
  const distinct = new Map(valid.map((source) => [source.sopInstanceUid, source]));
  return elementsOf({
    SourceImageSequence: [...distinct.values()].map(({ sopClassUid, sopInstanceUid }) =>
      elementsOf({
        ReferencedSOPClassUID: sopClassUid,
        ReferencedSOPInstanceUID: sopInstanceUid,
        PurposeOfReferenceCodeSequence: [sourcePurpose],
      }),
    ),
  });
}
