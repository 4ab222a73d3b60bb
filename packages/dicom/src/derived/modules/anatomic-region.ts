/** The anatomic region as a code, for IODs that must state one: the source's own, or its Body Part Examined in PS3.16 CID 4031. */
import { isRefusal } from "@releve/domain/refusal";
import type { Attributes } from "../../data-set/attributes.ts";
import { copyAttributes } from "../copy-attributes.ts";
import type { CodedConcept } from "../derived-series.ts";
import type { Elements } from "../elements.ts";
import { codedElements, type3Codes } from "./code-sequence.ts";

/** By the Defined Terms of PS3.16 annex L. */
const byBodyPart: Readonly<Record<string, CodedConcept>> = {
  ABDOMEN: sct("113345001", "Abdomen"),
  ABDOMENPELVIS: sct("416949008", "Abdomen and Pelvis"),
  BRAIN: sct("12738006", "Brain"),
  CHEST: sct("51185008", "Chest"),
  CHESTABDOMEN: sct("416550000", "Chest and Abdomen"),
  CHESTABDPELVIS: sct("416775004", "Chest, Abdomen and Pelvis"),
  HEAD: sct("69536005", "Head"),
  HEADNECK: sct("774007", "Head and Neck"),
  HEART: sct("80891009", "Heart"),
  NECK: sct("45048000", "Neck"),
  NECKCHEST: sct("417437006", "Neck and Chest"),
  PELVIS: sct("12921003", "Pelvis"),
  PROSTATE: sct("41216001", "Prostate"),
  SPINE: sct("421060004", "Spine"),
};

/** What is true of every source: no smaller region is claimed where none is stated. */
const entireBody = sct("38266002", "Entire body");

export function anatomicRegion(source: Attributes): readonly Elements[] {
  const copied = copyAttributes([type3Codes("AnatomicRegionSequence")], source);
  const own = isRefusal(copied) ? undefined : copied.get("AnatomicRegionSequence");
  if (own && "items" in own) return own.items.slice(0, 1);
  return [codedElements(byBodyPart[source.string("BodyPartExamined") ?? ""] ?? entireBody)];
}

function sct(codeValue: string, codeMeaning: string): CodedConcept {
  return { codeValue, codingSchemeDesignator: "SCT", codeMeaning };
}
