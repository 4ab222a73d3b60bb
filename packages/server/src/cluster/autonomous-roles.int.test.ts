/** All roles of a member and of an autonomous site as processes, one PACS: the same study at both while the line is cut. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { HomedJob } from "@releve/ledger/read-models/joined-models";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inheritedEnvironment } from "../config/read-settings.ts";
import { generatedFiles } from "../demo/source-files.ts";
import { localTarget, sendStudy } from "../demo/send-study.ts";
import {
  hubSite,
  leafSite,
  startAutonomousPair,
  type AutonomousPair,
  type Site,
} from "./autonomous-pair.fixture.ts";
import { startChild, type Child } from "./child.ts";
import { freePorts } from "./ports.ts";
import { webUrlOf, type ProcessPlan } from "./topology.ts";

const sites = [hubSite, leafSite] as const;
const limitMs = 400_000;
const patient = { timeout: 180_000, interval: 500 };

let pair: AutonomousPair;
let children: Child[] = [];
let doors: Readonly<Record<Site, { readonly web: number; readonly dimse: number; readonly console: number }>>;

beforeAll(async () => {
  pair = await startAutonomousPair();
  const [pacsWeb, pacsDimse, ...free] = (await freePorts(8)) as [number, number, ...number[]];
  const of = ([web, dimse, console]: readonly number[]) => ({ web: web!, dimse: dimse!, console: console! });
  doors = { [hubSite]: of(free), [leafSite]: of(free.slice(3)) };
  const pacs: ProcessPlan = {
    name: "pacs",
    role: "archive",
    environment: {
      RELEVE_SITE: "archive",
      RELEVE_DATA_DIR: join(pair.dir, "pacs"),
      RELEVE_HTTP_PORT: String(pacsWeb),
      RELEVE_DIMSE_PORT: String(pacsDimse),
    },
  };
  const destination = { kind: "stow", name: "pacs", url: `${webUrlOf(pacsWeb)}/dicom-web` };
  const plans = [pacs, ...sites.flatMap((site) => rolesAt(site, JSON.stringify([destination])))];
  for (const plan of plans) children.push(await startChild(plan, join(pair.dir, "log")));
}, limitMs);
afterAll(async () => {
  await Promise.all(children.map((child) => child.stop()));
  await pair.stop();
}, limitMs);

function rolesAt(site: Site, destinations: string): readonly ProcessPlan[] {
  const { web, dimse, console } = doors[site];
  const letter = site.at(-1)!;
  const plan = (name: string, role: ProcessPlan["role"], more: ProcessPlan["environment"]): ProcessPlan => ({
    name: `${name}-${letter}`,
    role,
    environment: { ...pair.environmentOf(role === "recon" ? "node" : (role as "api"), site), ...more },
  });
  return [
    plan("gateway", "gateway", {
      RELEVE_HTTP_PORT: String(web),
      RELEVE_DIMSE_PORT: String(dimse),
      RELEVE_SETTLE_SILENCE_MS: "1000",
      RELEVE_DESTINATIONS: destinations,
      RELEVE_SITE_MODE: site === leafSite ? "autonomous" : "member",
    }),
    plan("node", "recon", { RELEVE_NODE: `node-${letter}` }),
    plan("api", "api", { RELEVE_HTTP_PORT: String(console), RELEVE_CONSOLE_DIR: pair.dir }),
  ];
}

async function ask<Answer>(site: Site, question: string, input: unknown = {}): Promise<Answer> {
  const url = `${webUrlOf(doors[site].console)}/trpc/${question}?input=${encodeURIComponent(JSON.stringify(input))}`;
  const response = await fetch(url);
  const { result } = (await response.json()) as { result: { data: Answer } };
  return result.data;
}

const jobsAt = (site: Site): Promise<readonly HomedJob[]> => ask(site, "jobs.list");
/** How many jobs the site shows of each home in each status. */
async function countsAt(site: Site): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { home, status } of await jobsAt(site)) {
    const key = `${home ?? "here"} ${status}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The command as an operator of the site runs it. */
async function releve(site: Site, ...args: readonly string[]): Promise<string> {
  const env = { ...inheritedEnvironment(), ...pair.environmentOf("operator", site) };
  const command = [main, ...args, "--data", join(pair.dir, site, "operator")];
  return (await promisify(execFile)(process.execPath, command, { env })).stdout;
}
const main = fileURLToPath(new URL("../main.ts", import.meta.url));

test(
  "both sites do and deliver all of the work by themselves; then the completions of one count, and both say so",
  async () => {
    pair.cut();
    const files = generatedFiles(ctPhantom());
    for (const site of sites) await sendStudy(localTarget(doors[site].dimse, "CT"), files, () => {});
    const delivered = async (site: Site) => {
      const deliveries = await ask<readonly { readonly status: string }[]>(site, "deliveries.list");
      const jobs = await jobsAt(site);
      const done = deliveries.filter(({ status }) => status === "delivered").length;
      return jobs.length > 0 && jobs.every(({ status }) => status === "completed") && done === jobs.length;
    };
    for (const site of sites) await expect.poll(() => delivered(site), patient).toBe(true);
    const [ours, theirs] = await Promise.all([jobsAt(hubSite), jobsAt(leafSite)]);
    const outputs = (jobs: readonly HomedJob[]) =>
      jobs
        .flatMap(({ job, outputs: of }) => of.map((object) => `${job} ${object.sopInstanceUid}`))
        .toSorted();
    expect(outputs(theirs), "the same jobs, and results of the same names").toEqual(outputs(ours));
    expect(outputs(ours)).not.toEqual([]);

    pair.heal();
    const count = ours.length;
    await expect
      .poll(() => countsAt(hubSite), patient)
      .toEqual({ "here completed": count, [`${leafSite} superseded`]: count });
    await expect
      .poll(() => countsAt(leafSite), patient)
      .toEqual({ "here superseded": count, "hub completed": count });
    const lines = (await releve(leafSite, "jobs")).trim().split("\n");
    const far = lines.filter((line) => line.includes("in the ledger of hub"));
    expect([lines.length, far.length]).toEqual([2 * count, count]);
    expect(lines.filter((line) => line.includes("the completion of site-a counts instead"))).toHaveLength(
      count,
    );
    const modes = await ask<{ sites: readonly { site: string; mode: string }[] }>(
      leafSite,
      "system.sites",
      null,
    );
    expect(modes.sites.map(({ site, mode }) => [site, mode])).toEqual([[leafSite, "autonomous"]]);
  },
  limitMs,
);
