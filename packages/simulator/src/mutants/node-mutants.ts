/** Bugs in who takes which job when, who is taken for lost, and what a node or a gateway does about it. */
import type { Mutant } from "./mutant.ts";

const lostNodes = "ledger/src/dispatch/lost-nodes.ts";
const silence = "wire/src/judge-silence.ts";
const beat = "wire/src/take-beat.ts";
const loop = "recon/src/node-loop.ts";
const claiming = "recon/src/claiming.ts";
const attempts = "recon/src/attempts.ts";
const voice = "recon/src/node-voice.ts";
const openJobs = "recon/src/open-jobs.ts";
const work = "gateway/src/flow/work.ts";
const runner = "gateway/src/flow/action-runner.ts";

export const nodeMutants: readonly Mutant[] = [
  {
    name: "claims-without-a-slot",
    file: claiming,
    text: "return deps.slots - attempts.size - this.#withoutAttempt();",
    replacement: "return deps.slots + 1 - attempts.size - this.#withoutAttempt();",
    lesson: "Jobs that are claimed and wait inside a node are late, and die with it.",
  },
  {
    name: "claims-under-way-take-no-slot",
    file: claiming,
    text: "return deps.slots - attempts.size - this.#withoutAttempt();",
    replacement: "return deps.slots - attempts.size;",
    lesson: "A claim that is not answered yet will need its slot.",
  },
  {
    name: "unanswered-claim-forgotten",
    file: loop,
    text: "    this.#claiming.startUnanswered();\n",
    replacement: "",
    lesson: "A claim whose answer was lost is a claim: the job would stay with a living node for ever.",
  },
  {
    name: "jobs-of-the-lost-stay",
    file: loop,
    text: "    this.#releasing.releaseLost();\n",
    replacement: "",
    lesson: "To know that a node is lost is not enough: somebody must give its jobs back.",
  },
  {
    name: "lost-for-ever",
    file: loop,
    text: "    this.#parts.lost.remove(node);",
    replacement: "    void node;",
    lesson: "A node that is heard again claims for itself again.",
  },
  {
    name: "any-start-is-the-lost-one",
    file: lostNodes,
    text: "(claim.incarnation === undefined || claim.incarnation === incarnation);",
    replacement: 'claim.incarnation !== incarnation + "?";',
    lesson: "The jobs of the next start are not the lost one's.",
  },
  {
    name: "lost-counts-as-shutdown",
    file: lostNodes,
    text: '  command: { type: "release", token, reason: "node-lost" },',
    replacement: '  command: { type: "release", token, reason: "shutdown" },',
    lesson: "Only a loss counts as an attempt: a poison job would go on for ever.",
  },
  {
    name: "ahead-completes-without-a-claim",
    file: attempts,
    text: "    const token = await held.promise;\n",
    replacement: "    const token = running.insteadOf ?? (await held.promise);\n",
    lesson: "What was computed ahead counts under its own claim, never under the lost node's.",
  },
  {
    name: "end-said-once",
    file: voice,
    text: "      if (await this.ofJob(job, command, (fault) => this.#deps.onFault(fault))) return;",
    replacement: "      await this.ofJob(job, command, (fault) => this.#deps.onFault(fault));\n      return;",
    lesson: "A node that cannot reach the ledger must say the end of its attempt until it is heard.",
  },
  {
    name: "retried-job-stays-forgotten",
    file: openJobs,
    text: 'return first === "JobRetried" ? { job, readAgain: true } : { job, now: undefined };',
    replacement: "return { job, now: undefined };",
    lesson: "A job that a node has forgotten may be asked for again.",
  },
  {
    name: "nobody-is-ever-lost",
    file: silence,
    text: 'return silentMs >= confirmedAfterMs[opinion()](limits) ? "lost" : "suspect";',
    replacement: 'return silentMs >= limits.forgetMs ? "lost" : "suspect";',
    lesson: "A suspect must be judged in the end.",
  },
  {
    name: "hasty-suspicion",
    file: silence,
    text: '  if (before.status !== "suspect") return "suspect";',
    replacement: '  if (silentMs >= 0) return "lost";',
    lesson: "One observer that misses beats for a second is no proof.",
  },
  {
    name: "deaf-observer-judges",
    file: silence,
    text: "  if (stalled || deaf) return { liveness: judged, changes: [] };",
    replacement: "  if (stalled && deaf) return { liveness: judged, changes: [] };",
    lesson: "An observer that hears nobody is the one that is cut off; one that slept has not listened.",
  },
  {
    name: "stuck-node-lives",
    file: beat,
    text: '  if (loopLagMs >= limits.stuckMs) return "lost";',
    replacement: '  if (loopLagMs >= limits.forgetMs) return "lost";',
    lesson: "A node whose main loop never comes back beats on and finishes nothing.",
  },
  {
    name: "completed-job-without-delivery",
    file: work,
    text: "return void (home && completed.set(event.job, home));",
    replacement: "return void (home && completed.size < 2 && completed.set(event.job, home));",
    lesson: "A completion is no use to anybody before it is delivered.",
  },
  {
    name: "failed-action-keeps-its-place",
    file: runner,
    text: "      running.delete(key);\n",
    replacement: "      if (succeeded) running.delete(key);\n",
    lesson: "An action that failed must be free to be tried again.",
  },
];
