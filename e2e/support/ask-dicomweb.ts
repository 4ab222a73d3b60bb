/** QIDO-RS of any server, with fetch alone: what a server says it holds. */
type DicomJson = Readonly<Record<string, { readonly Value?: readonly unknown[] }>>;

const answerMs = 30_000;

/** @param url such as `http://127.0.0.1:8042/dicom-web/instances?...`. No content is no match (PS3.18 section 8.6). */
export async function askDicomweb(url: string): Promise<readonly DicomJson[]> {
  const response = await fetch(url, {
    headers: { accept: "application/dicom+json" },
    signal: AbortSignal.timeout(answerMs),
  });
  if (response.status === 204) return [];
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as DicomJson[];
}

const sopInstanceUid = "00080018";
const seriesInstanceUid = "0020000E";

const valuesOf = (rows: readonly DicomJson[], tag: string): string[] =>
  rows.map((row) => String(row[tag]?.Value?.[0]));

/** Each SOP Instance UID of the study as often as the server lists it. */
export async function instancesOf(root: string, study: string): Promise<string[]> {
  return valuesOf(await askDicomweb(`${root}/studies/${study}/instances`), sopInstanceUid);
}

/** Each Series Instance UID of the study as often as the server lists it. */
export async function seriesOf(root: string, study: string): Promise<string[]> {
  return valuesOf(await askDicomweb(`${root}/studies/${study}/series`), seriesInstanceUid);
}
