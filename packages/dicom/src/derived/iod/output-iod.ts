/** Which IOD a result is written as: the classic class of the source's modality. */
import { refusal, type Refusal } from "@releve/domain/refusal";
import { ctImage } from "./ct-image.ts";
import type { Iod } from "./iod.ts";
import { mrImage } from "./mr-image.ts";
import { petImage } from "./pet-image.ts";

const byStorageClass: Readonly<Record<string, Iod>> = {
  // CT, Enhanced CT, Legacy Converted Enhanced CT
  "1.2.840.10008.5.1.4.1.1.2": ctImage,
  "1.2.840.10008.5.1.4.1.1.2.1": ctImage,
  "1.2.840.10008.5.1.4.1.1.2.2": ctImage,
  // MR, Enhanced MR, Legacy Converted Enhanced MR
  "1.2.840.10008.5.1.4.1.1.4": mrImage,
  "1.2.840.10008.5.1.4.1.1.4.1": mrImage,
  "1.2.840.10008.5.1.4.1.1.4.4": mrImage,
  // PET, Enhanced PET, Legacy Converted Enhanced PET
  "1.2.840.10008.5.1.4.1.1.128": petImage,
  "1.2.840.10008.5.1.4.1.1.130": petImage,
  "1.2.840.10008.5.1.4.1.1.128.1": petImage,
};

export function outputIod(sopClassUid: string): Iod | Refusal {
  return (
    byStorageClass[sopClassUid] ??
    refusal("SOURCE_CLASS_UNSUPPORTED", "Results are derived from CT, MR and PET images only.")
  );
}
