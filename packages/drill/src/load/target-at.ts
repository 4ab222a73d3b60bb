import type { SendTarget } from "@releve/dicom/dimse/send-objects";
import type { RunningSite } from "@releve/server/cluster/running-cluster";
import { localTarget } from "@releve/server/demo/send-study";

/** The DICOM listener of a site, as a modality sees it. */
export const targetAt = ({ dimse }: RunningSite): SendTarget => ({
  ...localTarget(dimse.port, "DRILL"),
  host: dimse.host,
  calledAeTitle: dimse.aeTitle,
});
