/** Where the running cluster is, for the commands of another terminal. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const runSchema = z.object({
  ledger: z.object({
    servers: z.array(z.string()),
    replicas: z.int(),
    /** The operator's certificate, where the cluster asks for one. */
    tls: z.object({ certFile: z.string(), keyFile: z.string(), caFile: z.string() }).optional(),
  }),
  dimse: z.object({ host: z.string(), port: z.int() }),
  /** Where the console and its API are; absent in what an older start wrote. */
  console: z.url().optional(),
  /** Where a program gets a token for it, and the file with its secret. */
  signIn: z.object({ issuer: z.url(), clientId: z.string(), secretFile: z.string() }).optional(),
});
export type RunFile = z.infer<typeof runSchema>;

const pathIn = (dataDir: string) => join(dataDir, "run.json");

export function writeRunFile(dataDir: string, run: RunFile): void {
  writeFileSync(pathIn(dataDir), JSON.stringify(run));
}

/** @returns undefined where no cluster was ever started. */
export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    return runSchema.parse(JSON.parse(readFileSync(pathIn(dataDir), "utf8")));
  } catch {
    return undefined; // the caller says what to do
  }
}
