/** A series of single-frame images: the attributes all share, and for each image its plane, its pixels and what differs. */
import type { PlaneGeometry } from "@releve/domain/volume";
import { part10, type DataSet, type PhantomFile, type PrivateElement } from "./part10.ts";
import {
  instanceUid,
  pixelAttributes,
  planeAttributes,
  studyAttributes,
  type SeriesIdentity,
} from "./study-attributes.ts";

export type PhantomImage = {
  readonly plane: PlaneGeometry;
  readonly pixels: Int16Array | Uint16Array;
  readonly attributes?: DataSet;
  readonly privates?: readonly PrivateElement[];
};

export type ImageSeries = {
  readonly identity: SeriesIdentity;
  readonly sopClassUid: string;
  readonly thicknessMm: number;
  readonly bitsStored?: number;
  readonly attributes: DataSet;
  readonly images: readonly PhantomImage[];
};

/**
 * Instance Numbers run against the order of the images: who sorts by them gets the series upside down.
 * An attribute given as undefined is left out.
 */
export function imageSeries(series: ImageSeries): PhantomFile[] {
  return series.images.map((image, index) => ({
    fileName: `${series.identity.series}/${String(index + 1).padStart(4, "0")}.dcm`,
    bytes: part10(
      {
        ...studyAttributes(series.identity),
        SOPClassUID: series.sopClassUid,
        SOPInstanceUID: instanceUid(series.identity, index),
        InstanceNumber: series.images.length - index,
        ...planeAttributes(image.plane, series.thicknessMm),
        ...pixelAttributes(image.plane, image.pixels instanceof Int16Array, series.bitsStored),
        ...series.attributes,
        ...image.attributes,
      },
      image.pixels,
      image.privates,
    ),
  }));
}
