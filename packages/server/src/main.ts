/** The `releve` command: one file that names every subcommand, each of which is a file. */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Fault } from "@releve/domain/fault";
import { defineCommand, runCommand, showUsage } from "citty";
import { benchmarkNames, runBench } from "./bench/run-bench.ts";
import { cancel } from "./commands/cancel.ts";
import { drain } from "./commands/drain.ts";
import { showHistory } from "./commands/history.ts";
import { makeIdentities } from "./commands/make-identities.ts";
import { showJobs } from "./commands/jobs.ts";
import { adoptLedger } from "./commands/ledger-adopt.ts";
import { copyLedger } from "./commands/ledger-copy.ts";
import { runningLedger } from "./commands/open-running.ts";
import { showNodes } from "./commands/nodes.ts";
import { showSites } from "./commands/sites.ts";
import { request } from "./commands/request.ts";
import { retry } from "./commands/retry.ts";
import { selfTest } from "./commands/self-test.ts";
import { submit } from "./commands/submit.ts";
import { resetUsers } from "./commands/users-reset.ts";
import { roles, type Role } from "./config/settings.ts";
import { runDemo } from "./demo/run-demo.ts";
import { runRole } from "./roles/run-role.ts";
import { runCluster } from "./start/run-cluster.ts";
import { runStart } from "./start/run-start.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const home = join(root, ".releve");

const data = { type: "string", description: "folder of the durable state", default: home } as const;
const json = { type: "boolean", description: "print JSON" } as const;

const exitWith = async (code: Promise<number>): Promise<void> => {
  process.exitCode = await code;
};

const start = defineCommand({
  meta: {
    name: "start",
    description: "start everything on this machine, run the main job on a phantom, stay up",
  },
  args: {
    data,
    port: { type: "string", description: "first of ten consecutive ports; the console's", default: "18080" },
  },
  run: ({ args }) => exitWith(runStart({ dataDir: resolve(args.data), firstPort: portOf(args.port) })),
});

const cluster = defineCommand({
  meta: { name: "cluster", description: "start three sites on this machine, stay up" },
  args: {
    data: { ...data, default: join(home, "cluster") },
    port: { type: "string", description: "first of each site's six consecutive ports", default: "18080" },
  },
  run: ({ args }) => exitWith(runCluster({ dataDir: resolve(args.data), firstPort: portOf(args.port) })),
});

const demo = defineCommand({
  meta: { name: "demo", description: "the main job once, on a folder of DICOM files or on a phantom" },
  args: {
    folder: { type: "positional", required: false, description: "folder of DICOM files" },
    out: { type: "string", description: "folder for results and summary.json", default: join(home, "demo") },
    kill: { type: "boolean", description: "kill a node in the middle of its job", default: true },
  },
  run: ({ args }) =>
    exitWith(runDemo({ folder: args.folder, outDir: resolve(args.out), killNode: args.kill })),
});

const bench = defineCommand({
  meta: { name: "bench", description: "measure ours beside a peer, in turn" },
  args: {
    name: { type: "positional", required: true, description: `which: ${benchmarkNames.join(", ")}` },
    json: { type: "string", description: "also write the rows to this file" },
  },
  run: ({ args }) => exitWith(runBench(args.name, args.json)),
});

const selfTestCommand = defineCommand({
  meta: { name: "selftest", description: "every kernel on a known object, on this machine, as a table" },
  args: {
    engine: {
      type: "enum",
      options: ["webasm", "cpu", "webgpu"],
      description: "as a node's",
      default: "webasm",
    },
    threads: { type: "string", description: "of one kernel", default: "1" },
    software: { type: "boolean", description: "let webgpu run on a software adapter, to check its shaders" },
    json,
  },
  run: ({ args }) => exitWith(selfTest({ ...args, threads: threadsOf(args.threads) })),
});

const role = defineCommand({
  meta: { name: "role", description: `run one role in this process: ${roles.join(", ")}` },
  args: {
    role: {
      type: "positional",
      required: true,
      description: "the role; its settings come from the environment",
    },
  },
  run: ({ args }) => {
    if (!isRole(args.role)) throw new Fault("ROLE_UNKNOWN", `there is no role ${args.role}`, "never");
    // Not by itself: a role that failed half-started may hold a thread or a timer, and would then neither work nor end.
    return runRole(args.role).then((code) => process.exit(code));
  },
});

const model = {
  type: "string",
  description: "look into this file of a read model instead of asking the ledger",
} as const;

const identities = defineCommand({
  meta: {
    name: "identities",
    description: "make the keys and certificates of an installation, and the accounts of its ledger servers",
  },
  args: {
    installation: { type: "string", required: true, description: "JSON file that says who is where" },
    dir: { type: "string", description: "folder that they go to", default: "/etc/releve/identities" },
  },
  run: ({ args }) =>
    exitWith(makeIdentities({ installation: resolve(args.installation), dir: resolve(args.dir) })),
});

const history = defineCommand({
  meta: { name: "history", description: "print the events, oldest first; a job's with all that touched it" },
  args: {
    data,
    json,
    model,
    study: { type: "string", description: "only this study's" },
    job: { type: "string", description: "only this job's" },
    since: { type: "string", description: "only those after this moment, such as 2026-01-31T08:00Z" },
  },
  run: ({ args }) => exitWith(showHistory(args)),
});

const jobs = defineCommand({
  meta: { name: "jobs", description: "list the jobs" },
  args: {
    data,
    json,
    model,
    study: { type: "string", description: "only this study's" },
    status: { type: "string", description: "only those that are so, such as failed" },
  },
  run: ({ args }) => exitWith(showJobs(args)),
});

const nodes = defineCommand({
  meta: { name: "nodes", description: "list the nodes: what is heard of each, and what the ledger has" },
  args: { data, json, model },
  run: ({ args }) => exitWith(showNodes(args)),
});

const sites = defineCommand({
  meta: { name: "sites", description: "list the sites and the servers that hold the ledger" },
  args: { data, json, model },
  run: ({ args }) => exitWith(showSites(args)),
});

const reason = { type: "string", description: "why, for the history" } as const;

const drainCommand = defineCommand({
  meta: { name: "drain", description: "let a node finish what it holds, take nothing more, and leave" },
  args: {
    node: { type: "positional", required: true, description: "the node's name" },
    data,
    reason,
    resume: { type: "boolean", description: "take a drain back before the node has left" },
  },
  run: ({ args }) => exitWith(drain(args)),
});

const cancelCommand = defineCommand({
  meta: { name: "cancel", description: "end a job that waits or runs" },
  args: {
    job: { type: "positional", required: true, description: "the job's id, or its beginning" },
    data,
    reason,
  },
  run: ({ args }) => exitWith(cancel(args)),
});

const retryCommand = defineCommand({
  meta: { name: "retry", description: "ask again for a job or a delivery that was given up" },
  args: {
    id: {
      type: "positional",
      required: true,
      description: "the job's or the delivery's id, or its beginning",
    },
    data,
    reason,
  },
  run: ({ args }) => exitWith(retry(args)),
});

const submitCommand = defineCommand({
  meta: { name: "submit", description: "send a folder of DICOM files to the running system by C-STORE" },
  args: { folder: { type: "positional", required: true, description: "folder of DICOM files" }, data, json },
  run: ({ args }) => exitWith(submit(args)),
});

const requestCommand = defineCommand({
  meta: {
    name: "request",
    description: "ask for an application by hand; without --app, say what there is to ask for",
  },
  args: {
    data,
    console: { type: "string", description: "address of the console; by default of what was started here" },
    study: { type: "string", description: "Study Instance UID, or the study's id" },
    series: { type: "string", description: "Series Instance UID of the volume" },
    app: { type: "string", description: "the application" },
    volume: { type: "string", description: "beginnings of the volumes' names, comma separated" },
    parameters: { type: "string", description: "JSON, or @FILE; by default what the application proposes" },
    priority: { type: "string", description: "stat, urgent or routine", default: "urgent" },
  },
  run: ({ args }) => exitWith(request(args)),
});

const ledgerAdopt = defineCommand({
  meta: {
    name: "adopt",
    description:
      "take on a ledger that came back from an older backup, under a new epoch; says first what is missing",
  },
  args: { data, yes: { type: "boolean", description: "do not ask" } },
  run: ({ args }) =>
    exitWith(
      adoptLedger({
        data: resolve(args.data),
        yes: args.yes === true,
        ledger: runningLedger(args.data),
        say: (line) => process.stdout.write(`${line}\n`),
      }),
    ),
});

const ledgerCopy = defineCommand({
  meta: { name: "copy", description: "keep a copy of another ledger here, as autonomous sites need" },
  args: {
    ledger: { type: "positional", required: true, description: "an autonomous site, or hub for the cluster" },
    data,
  },
  run: ({ args }) => exitWith(copyLedger(args)),
});

const ledgerCommand = defineCommand({
  meta: { name: "ledger", description: "what is done to the ledger itself: adopt, copy" },
  subCommands: { adopt: ledgerAdopt, copy: ledgerCopy },
});

const usersReset = defineCommand({
  meta: { name: "reset", description: "draw new passwords for the users of the embedded identity provider" },
  args: { data },
  run: ({ args }) => exitWith(resetUsers({ data: resolve(args.data) })),
});

const usersCommand = defineCommand({
  meta: { name: "users", description: "the users of the embedded identity provider: reset" },
  subCommands: { reset: usersReset },
});

const subCommands = {
  start,
  cluster,
  demo,
  bench,
  role,
  identities,
  submit: submitCommand,
  request: requestCommand,
  jobs,
  nodes,
  sites,
  history,
  ledger: ledgerCommand,
  drain: drainCommand,
  cancel: cancelCommand,
  retry: retryCommand,
  selftest: selfTestCommand,
  users: usersCommand,
} as const;

const main = defineCommand({
  meta: {
    name: "releve",
    description: "Relève: post-processing of medical images that survives its nodes and sites",
  },
  subCommands,
});

function showHelp(name: string | undefined): Promise<void> {
  const known = Object.entries(subCommands).find(([command]) => command === name)?.[1];
  return known ? showUsage(known as unknown as typeof main, main) : showUsage(main);
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_000) return port;
  throw new Fault("PORT_INVALID", "--port takes a number from 1024 to 65000", "never");
}

function threadsOf(text: string): number {
  const threads = Number(text);
  if (Number.isInteger(threads) && threads >= 1 && threads <= 256) return threads;
  throw new Fault("THREADS_INVALID", "--threads takes a number from 1 to 256", "never");
}

const isRole = (text: string): text is Role => (roles as readonly string[]).includes(text);

/** A Fault is a sentence for people; anything else is a bug and shows its stack. */
try {
  const rawArgs = process.argv.slice(2);
  if (rawArgs.length === 0 || rawArgs.includes("--help")) await showHelp(rawArgs[0]);
  else await runCommand(main, { rawArgs });
} catch (error) {
  if (error instanceof Fault) process.stderr.write(`${error.message}\n`);
  else if (error instanceof Error && error.name === "CLIError") process.stderr.write(`${error.message}\n`);
  else throw error;
  process.exitCode = 1;
}
