import type { ManagedProcess } from "@releve/server/cluster/running-cluster";
import { DrillFault } from "../faults.ts";
import type { SiteImage } from "../stage/site-image.ts";
import type { Stage } from "../stage/stage.ts";

/** The site whose disk is an image, and its processes. @throws DrillFault NOTHING_TO_HARM where none is. */
export function siteOnImage({ cluster, image }: Stage): {
  readonly image: SiteImage;
  readonly processes: readonly ManagedProcess[];
} {
  if (!image) throw new DrillFault("NOTHING_TO_HARM", "no site's disk is an image on this machine");
  return { image, processes: cluster.processes.filter(({ site }) => site === image.site) };
}
