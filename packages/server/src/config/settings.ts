/**
 * Every setting of every role: its environment variable, what it means, its default and why. The one place that the
 * README's table and deploy/.env.example are generated from.
 */
import { z } from "zod";
import { isName } from "@releve/domain/ids";
import { productionRules } from "./production-rules.ts";
import { destinationSchema } from "@releve/gateway/delivery/destination";

const mebi = 1024 * 1024;

const name = z.string().refine(isName, "lower-case letters, digits and dashes, at most 31");
const count = z.coerce.number().int().positive();
const port = z.coerce.number().int().min(1).max(65535);
const aeTitle = z
  .string()
  .regex(/^[\x21-\x7e]([\x20-\x7e]{0,14}[\x21-\x7e])?$/, "1 to 16 printable characters");
const list = z.string().transform((text) => text.split(",").filter((part) => part !== ""));
const natsUrls = list.pipe(z.array(z.url({ protocol: /^(nats|tls)$/ })).min(1, "names no server"));
const urls = list
  .pipe(z.array(z.url({ protocol: /^https?$/ })))
  .transform((texts) => texts.map((url) => new URL(url)));
const jsonOf = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: "custom", message: "is not JSON" });
        return z.NEVER;
      }
    })
    .pipe(schema);

const identity = {
  RELEVE_TLS_CERT: z
    .string()
    .default("")
    .describe(
      "This process's certificate, PEM; with it every link is mutual TLS, without it all stay on loopback",
    ),
  RELEVE_TLS_KEY: z.string().default("").describe("Its key, PEM, readable by its owner alone"),
  RELEVE_TLS_CA: z.string().default("").describe("The certificate of the system's own authority, PEM"),
};

const common = {
  ...identity,
  RELEVE_SITE: name.describe("Name of this site"),
  RELEVE_NATS_URL: natsUrls.describe("The ledger's nats-servers, comma separated, this site's own first"),
  RELEVE_LEDGER_REPLICAS: z.coerce
    .number()
    .pipe(z.literal([1, 3, 5]))
    .default(1)
    .describe("How many servers hold the ledger; three sites want 3"),
  RELEVE_DATA_DIR: z
    .string()
    .min(1)
    .describe("Folder of this role's durable data; the roles of one site share its object store"),
  RELEVE_MIN_FREE_BYTES: count
    .default(512 * mebi)
    .describe("Below this much free disk nothing more is accepted (A700)"),
  RELEVE_FAILPOINT_FILE: z
    .string()
    .default("")
    .describe("Only in drills: the file that names the step at which this process ends itself"),
  RELEVE_OTHER_SITES: urls
    .default([])
    .describe(
      "Base URLs of the other sites' gateways, comma separated, to copy objects from; https beyond loopback",
    ),
};

/** Of who follows the ledger for people, or says in it what another ledger made void. */
const copies = {
  RELEVE_LEDGER_COPIES: list
    .pipe(z.array(name))
    .default([])
    .describe(
      "Other ledgers whose copies lie at the ledger's servers, comma separated: autonomous sites, or hub for the cluster",
    ),
};

const host = z.string().min(1).default("127.0.0.1");

const doors = {
  RELEVE_HTTP_HOST: host.describe(
    "Address of the HTTP listener; beyond loopback it is HTTPS and asks for a certificate",
  ),
  RELEVE_HTTP_PORT: port.describe("Port of the HTTP listener"),
};

const dicomDoors = {
  ...doors,
  RELEVE_DIMSE_HOST: host.describe(
    "Address of the DICOM listener; beyond loopback it is TLS and asks for a certificate",
  ),
  RELEVE_DIMSE_PORT: port.describe("Port of the DICOM listener"),
  RELEVE_AE_TITLE: aeTitle
    .default("RELEVE")
    .describe("Our AE title; an association that calls another is rejected"),
  RELEVE_PEERS: jsonOf(z.array(z.object({ aeTitle: z.string(), addresses: z.array(z.string()) })))
    .default([])
    .describe(
      "Who may send, as JSON [{aeTitle, addresses}]; `*` is any title; empty: anyone on this machine, and nobody else",
    ),
  RELEVE_MAX_ASSOCIATIONS: count.default(16).describe("Associations at once; one more is rejected for now"),
  RELEVE_MAX_PDU_BYTES: count.default(256 * 1024).describe("Longest PDU that we accept"),
  RELEVE_MAX_OBJECT_BYTES: count.default(2048 * mebi).describe("Largest object that we accept"),
  RELEVE_IDLE_MS: count.default(30_000).describe("An association that says nothing for this long is aborted"),
};

const gateway = {
  ...common,
  ...copies,
  ...dicomDoors,
  RELEVE_SITE_HOST: host.describe("Address of the listener for the other sites"),
  RELEVE_SITE_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(0)
    .describe(
      "Port of the listener for the other sites, which asks for a certificate; 0: they use the HTTP listener",
    ),
  RELEVE_SETTLE_SILENCE_MS: count
    .default(10_000)
    .describe("A study without a new object for this long is complete"),
  RELEVE_SETTLE_LIMIT_MS: count
    .default(600_000)
    .describe("An open study is taken as complete after this long at the latest"),
  RELEVE_DESTINATIONS: jsonOf(z.array(destinationSchema))
    .default([])
    .describe("Where results go, as JSON; a name means the same PACS at every site that lists it"),
  RELEVE_SITE_MODE: z
    .enum(["member", "autonomous"])
    .default("member")
    .describe("Whether this site shares the ledger of the cluster, or has one of its own at its own server"),
  RELEVE_SAFETY: z
    .enum(["local", "safe-2"])
    .default("local")
    .describe(
      "When what this site took in counts as safe: on its own disk, or when a second site holds it too",
    ),
};

const archive = {
  ...identity,
  RELEVE_SITE: common.RELEVE_SITE,
  RELEVE_DATA_DIR: common.RELEVE_DATA_DIR,
  RELEVE_MIN_FREE_BYTES: common.RELEVE_MIN_FREE_BYTES,
  ...dicomDoors,
};

const recon = {
  ...common,
  RELEVE_NODE: name.describe("Name of this reconstruction node, unique over all sites"),
  RELEVE_SLOTS: count.default(1).describe("Jobs at once"),
  RELEVE_THREADS: count.default(1).describe("Threads of one kernel"),
  RELEVE_ENGINE: z
    .enum(["webasm", "cpu", "webgpu"])
    .default("webasm")
    .describe("Engine of the kernels; `webgpu` needs a GPU, a software one is refused"),
  RELEVE_VOLUME_BUDGET_BYTES: count
    .default(2048 * mebi)
    .describe("Largest volume in memory; a larger one is refused with the numbers"),
  RELEVE_MEMORY_BYTES: count
    .default(8192 * mebi)
    .describe("What one job may need of memory at its peak; no job that needs more is claimed"),
  RELEVE_SESSION_HOST: host.describe(
    "Address of the listener for sessions; beyond loopback it is TLS and asks for a certificate",
  ),
  RELEVE_SESSION_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(0)
    .describe("Port of the listener for sessions; 0: any free one, the heartbeats tell which"),
  RELEVE_SESSIONS: count.default(8).describe("Sessions at once, hosted or stood by for"),
  RELEVE_SESSION_BUDGET_BYTES: count
    .default(2048 * mebi)
    .describe("What the volumes of all sessions may occupy together"),
};

const api = {
  ...common,
  ...copies,
  ...doors,
  RELEVE_CONSOLE_DIR: z.string().min(1).describe("The built console"),
  RELEVE_ISSUER: z
    .union([
      z.literal(""),
      z.url({ protocol: /^https?$/ }).regex(/\/realms\/[^/]+$/, "ends in /realms/REALM"),
    ])
    .default("")
    .describe(
      "The identity provider's realm, https://HOST/realms/REALM; empty: nobody signs in, and who is at this machine or has the operator's certificate may do everything",
    ),
  RELEVE_CLIENT_ID: z.string().min(1).default("releve").describe("Who we are to the identity provider"),
  RELEVE_CLIENT_SECRET_FILE: z
    .string()
    .default("")
    .describe("File with the secret that the identity provider knows us by, readable by its owner alone"),
  RELEVE_AUDIENCE: z.string().min(1).default("releve").describe("Whom access tokens must be for"),
  RELEVE_CONSOLE_URL: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .transform((url) => (url === "" ? "" : new URL(url).origin))
    .describe("Where people reach the console; empty: at the listener's own address"),
};

/** It has no address to choose: it listens on loopback, and nowhere else. */
const identityProvider = {
  RELEVE_SITE: common.RELEVE_SITE,
  RELEVE_DATA_DIR: common.RELEVE_DATA_DIR,
  RELEVE_HTTP_PORT: doors.RELEVE_HTTP_PORT,
  RELEVE_IDENTITY_CLIENTS: jsonOf(
    z.array(z.object({ id: z.string().min(1), consoleUrl: z.url().optional() })),
  ).describe(
    "Who may ask the embedded identity provider, as JSON [{id, consoleUrl}]; without an address it is a program that acts as the operator",
  ),
};

/** No other site follows the ledger of an autonomous one, so none would ever take its copy. */
function safetyOfOneSite(
  settings: { readonly RELEVE_SITE_MODE: string; readonly RELEVE_SAFETY: string },
  context: z.RefinementCtx,
): void {
  if (settings.RELEVE_SITE_MODE === "autonomous" && settings.RELEVE_SAFETY === "safe-2")
    context.addIssue({
      code: "custom",
      path: ["RELEVE_SAFETY"],
      message: "nothing of an autonomous site is ever copied to a second one: only local",
    });
}

/** One zod object per role; what listens beyond loopback is production, and is held to its rules. */
export const settingsOf = {
  gateway: z.object(gateway).superRefine(productionRules).superRefine(safetyOfOneSite),
  archive: z.object(archive).superRefine(productionRules),
  recon: z.object(recon).superRefine(productionRules),
  api: z.object(api).superRefine(productionRules),
  identity: z.object(identityProvider),
} as const;

export type Role = keyof typeof settingsOf;
export type SettingsOf<R extends Role> = z.infer<(typeof settingsOf)[R]>;

export const roles = Object.keys(settingsOf) as readonly Role[];
