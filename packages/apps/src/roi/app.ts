/** Statistics of regions: what lies in spheres and boxes that a person places. */
import type { VolumePlan } from "@releve/domain/series-split";
import { voxelToLps } from "@releve/domain/volume";
import type { VolumeApplication } from "../application.ts";
import { refuseUnlessRegular } from "../image-volume.ts";
import { computeRoi, roiVersion } from "./compute.ts";
import { roiPeakBytes } from "./peak-bytes.ts";
import { roiParameters, type RoiParameters } from "./parameters.ts";

export const app: VolumeApplication<RoiParameters> = {
  id: "roi",
  version: roiVersion,
  title: { en: "Statistics of regions", fr: "Statistiques de régions" },
  users: ["radiologist", "nuclear-physician", "clinician"],
  parameters: roiParameters,
  kernels: [],
  takes: "volume",
  refuses: ([plan]) => plan && refuseUnlessRegular(plan),
  suggest: ([plan]) => ({
    regions: plan ? [{ shape: "sphere", centerLps: centerOf(plan), radiusMm: 10 }] : [{ shape: "volume" }],
  }),
  propose: () => [],
  peakBytes: roiPeakBytes,
  compute: computeRoi,
};

function centerOf({ geometry }: VolumePlan) {
  const { columns, rows, slices } = geometry;
  return voxelToLps(geometry, (columns - 1) / 2, (rows - 1) / 2, (slices - 1) / 2);
}
