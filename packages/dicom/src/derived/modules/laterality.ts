/** Laterality, Type 2C in General Series: required of a paired body part, forbidden of an unpaired one. */
import { type2, type AttributeRule } from "../attribute-rule.ts";
import type { Attributes } from "../../data-set/attributes.ts";

/** Of the Defined Terms of Body Part Examined (PS3.16 annex L), those of which a person has one. */
const unpaired = new Set(
  (
    "ABDOMEN ABDOMENPELVIS AORTA BACK BLADDER BRAIN CEREBELLUM CERVIX CHEST CHESTABDOMEN CHESTABDPELVIS " +
    "CIRCLEOFWILLIS COCCYX COLON CORONARYARTERY CSPINE CTSPINE DUODENUM ESOPHAGUS FACE GALLBLADDER HEAD HEADNECK " +
    "HEART ILEUM ILIUM JAW JEJUNUM LARYNX LIVER LSPINE LSSPINE MAXILLA MEDIASTINUM MOUTH NECK NECKCHEST " +
    "NECKCHESTABDOMEN NECKCHESTABDPELV NOSE PANCREAS PELVIS PENIS PHARYNX PROSTATE RECTUM SCALP SKULL SPINE " +
    "SPLEEN SSPINE STERNUM STOMACH THYMUS THYROID TLSPINE TONGUE TRACHEA TSPINE URETER URETHRA UTERUS VAGINA " +
    "VULVA WHOLEBODY"
  ).split(" "),
);

/** A body part that nobody named may be a paired one: the side is then written as unknown. */
export function lateralityModule(source: Attributes): readonly AttributeRule[] {
  const isUnpaired = unpaired.has(source.string("BodyPartExamined") ?? "");
  return isUnpaired ? [] : [type2("Laterality", { oneOf: ["L", "R"] })];
}
