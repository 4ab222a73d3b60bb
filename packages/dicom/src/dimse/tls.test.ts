import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listen, until } from "./loopback.fixture.ts";
import { openAssociation, verificationContext } from "./scu.ts";

/** A key and a certificate for localhost, made for this run; undefined where openssl is missing. */
function selfSigned(): { key: Buffer; cert: Buffer } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "releve-tls-"));
  try {
    const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", cert], {
      stdio: "ignore",
    });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const identity = selfSigned();
const contexts = [verificationContext];

test.skipIf(!identity)(
  "mutual TLS: who shows the right certificate is served, others never get to associate",
  async () => {
    const { key, cert } = identity!;
    const { target, events, close } = await listen({
      limits: { artimMs: 200 },
      tls: { key, cert, ca: cert, requestCert: true, rejectUnauthorized: true },
    });
    const peer = { ...target, contexts, responseMs: 2000 };
    const association = await openAssociation({
      ...peer,
      tls: { ca: cert, key, cert, servername: "localhost" },
    });
    expect(await association.echo()).toEqual({ status: 0 });
    await association.release();
    // TLS 1.3: the refusal of a missing certificate reaches the client after its own handshake.
    await expect(
      openAssociation({ ...peer, tls: { ca: cert, servername: "localhost" } }),
    ).rejects.toMatchObject({
      retry: "later",
    });
    await expect(openAssociation({ ...peer, tls: { servername: "localhost" } })).rejects.toMatchObject({
      code: "DIMSE_UNREACHABLE",
    });
    await expect(openAssociation(peer)).rejects.toMatchObject({ code: "DIMSE_ABORTED" });
    await until(() => events.filter((event) => event.kind === "not-dicom").length >= 3);
    await close();
  },
);

test.skipIf(!identity)("a TLS handshake that never comes is closed after ARTIM", async () => {
  const { scp, close } = await listen({ limits: { artimMs: 100 }, tls: identity! });
  const socket = connect(scp.port, "127.0.0.1");
  const closed = new Promise((resolve) =>
    socket.on("error", () => {}).once("close", () => resolve("closed")),
  );
  socket.resume();
  expect(await closed).toBe("closed");
  await close();
});
