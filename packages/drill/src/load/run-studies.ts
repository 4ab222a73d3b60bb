/** The studies of one run: small generated CTs, new ones for every seed, obviously synthetic. */
import { dataSetDigest } from "@releve/dicom/data-set/object-digests";
import { parseDicom } from "@releve/dicom/data-set/parse-dicom";
import { studyIdOf, type Digest, type StudyId } from "@releve/domain/ids";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";

export type LoadObject = {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly sopInstanceUid: string;
  readonly dataSet: Digest;
};

export type LoadStudy = {
  readonly study: StudyId;
  readonly studyInstanceUid: string;
  readonly objects: readonly LoadObject[];
};

/** Four jobs a study, of a dozen images each: what is drilled is the hand-over, and two cores run three sites and the PACS. */
const size = { columns: 32, rows: 32, slices: 16, pixelSpacingMm: 6, sliceSpacingMm: 8 };

export function runStudies(seed: string, count: number): LoadStudy[] {
  return Array.from({ length: count }, (_, index) => {
    const files = ctPhantom({ study: `drill ${seed} ${index}`, ...size });
    const objects = files.map(({ fileName, bytes }) => {
      const object = parseDicom(bytes);
      const { sopInstanceUid, studyInstanceUid } = object;
      return { fileName, bytes, sopInstanceUid, studyInstanceUid, dataSet: dataSetDigest(object) };
    });
    const { studyInstanceUid } = objects[0]!;
    return { study: studyIdOf(studyInstanceUid), studyInstanceUid, objects };
  });
}
