/** The HTTP doors over a temporary intake, listening on loopback. */
import { temporaryIntake } from "../intake/intake.fixture.ts";
import type { IntakeOptions } from "../intake/open-intake.ts";
import { webDoor } from "./web-door.ts";

export async function temporaryWebDoor(options: Partial<IntakeOptions> = {}) {
  const at = await temporaryIntake(options);
  const faults: unknown[] = [];
  const app = webDoor(at.intake, (fault) => faults.push(fault));
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    ...at,
    faults,
    server: app.server,
    url,
    root: `${url}/dicom-web`,
    close: async () => {
      app.server.closeAllConnections();
      await app.close();
      await at.close();
    },
  };
}

export type TemporaryWebDoor = Awaited<ReturnType<typeof temporaryWebDoor>>;

/** A STOW-RS request body of one part for each file. */
export function stowBody(files: readonly Uint8Array[], boundary = "BOUND"): Blob {
  const head = `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`;
  const parts = files.flatMap((file) => [head, file as Uint8Array<ArrayBuffer>, "\r\n"]);
  return new Blob([...parts, `--${boundary}--\r\n`]);
}

export const stowType = 'multipart/related; type="application/dicom"; boundary=BOUND';

export function postObjects(root: string, files: readonly Uint8Array[], study = ""): Promise<Response> {
  const headers = { "content-type": stowType, accept: "application/dicom+json" };
  return fetch(`${root}/studies${study}`, { method: "POST", headers, body: stowBody(files) });
}
