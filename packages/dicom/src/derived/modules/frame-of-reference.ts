/** Frame of Reference, PS3.3 C.7.4.1. The UID comes with the request: the result lies where the source lies. */
import { type2, type AttributeRule } from "../attribute-rule.ts";

export const frameOfReferenceModule: readonly AttributeRule[] = [type2("PositionReferenceIndicator")];
