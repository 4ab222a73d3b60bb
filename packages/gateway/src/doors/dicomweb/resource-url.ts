/** Addresses of the DICOMweb resources, as answers name them. */
import type { FastifyRequest } from "fastify";

export const webRoot = "/dicom-web";

/** Names this server as the client did, so that what we write is what the client can reach. */
export function baseUrl(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}${webRoot}`;
}

export function studyUrl(base: string, studyInstanceUid: string): string {
  return `${base}/studies/${encodeURIComponent(studyInstanceUid)}`;
}

export function seriesUrl(base: string, studyInstanceUid: string, seriesInstanceUid: string): string {
  return `${studyUrl(base, studyInstanceUid)}/series/${encodeURIComponent(seriesInstanceUid)}`;
}

type InstanceName = {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
};

export function instanceUrl(base: string, name: InstanceName): string {
  const series = seriesUrl(base, name.studyInstanceUid, name.seriesInstanceUid);
  return `${series}/instances/${encodeURIComponent(name.sopInstanceUid)}`;
}
