/** Bugs in who takes which job when, who is taken for lost, and what a node or a gateway does about it. */
import type { Mutant } from "./mutant.ts";

const nextClaim = "ledger/src/dispatch/next-claim.ts";
const lostNodes = "ledger/src/dispatch/lost-nodes.ts";
const liveness = "wire/src/liveness.ts";
const loop = "recon/src/node-loop.ts";
const attempts = "recon/src/attempts.ts";
const voice = "recon/src/node-voice.ts";
const openJobs = "recon/src/open-jobs.ts";
const lostStarts = "recon/src/lost-starts.ts";
const ownNode = "recon/src/own-node.ts";
const work = "gateway/src/flow/work.ts";
const runner = "gateway/src/flow/action-runner.ts";

export const nodeMutants: readonly Mutant[] = [
  {
    name: "claims-without-a-slot",
    file: loop,
    text: "return this.#deps.slots - this.#attempts.size - this.#claiming.size;",
    replacement: "return this.#deps.slots + 1 - this.#attempts.size - this.#claiming.size;",
    lesson: "Jobs that are claimed and wait inside a node are late, and die with it.",
  },
  {
    name: "claims-under-way-take-no-slot",
    file: loop,
    text: "return this.#deps.slots - this.#attempts.size - this.#claiming.size;",
    replacement: "return this.#deps.slots - this.#attempts.size;",
    lesson: "A claim that is not answered yet will need its slot.",
  },
  {
    name: "drained-node-claims",
    file: loop,
    text: "    return this.#joined && !this.#own.draining() && this.#freeSlots() > 0;",
    replacement: "    return this.#joined && this.#freeSlots() > 0;",
    lesson: "A drain never ends on a node that goes on claiming.",
  },
  {
    name: "unanswered-claim-forgotten",
    file: loop,
    text: "    this.#startUnanswered();\n    this.#releaseLost();",
    replacement: "    this.#releaseLost();",
    lesson: "A claim whose answer was lost is a claim: the job would stay with a living node for ever.",
  },
  {
    name: "jobs-of-the-lost-stay",
    file: loop,
    text: "    this.#releaseLost();\n    this.#claimAhead();",
    replacement: "    this.#claimAhead();",
    lesson: "To know that a node is lost is not enough: somebody must give its jobs back.",
  },
  {
    name: "lost-for-ever",
    file: loop,
    text: "    this.#lost.remove(node);",
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
    name: "attempt-runs-on",
    file: attempts,
    text: "    if (running.token) return version > running.token.version ? this.drop(job) : undefined;",
    replacement: "    if (running.token) return undefined;",
    lesson: "What was cancelled or taken away must stop: its slot is needed.",
  },
  {
    name: "ahead-runs-beside-another",
    file: attempts,
    text: '    if (now === "ended" || isTaken) this.drop(job);',
    replacement: "    if (isTaken && version === undefined) this.drop(job);",
    lesson: "An attempt ahead that came to nothing gives its slot back.",
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
    name: "lost-race-is-won",
    file: voice,
    text: "    if (claimed === undefined || isRefusal(claimed)) return undefined;",
    replacement:
      "    if (claimed === undefined) return undefined;\n    if (isRefusal(claimed)) return { request: { job }, token: { epoch, version: 0 }, attempts: 9 } as never;",
    lesson: "Who loses the race for a job must not compute it.",
  },
  {
    name: "retried-job-stays-forgotten",
    file: openJobs,
    text: 'return first === "JobRetried" ? { job, readAgain: true } : { job, now: undefined };',
    replacement: "return { job, now: undefined };",
    lesson: "A job that a node has forgotten may be asked for again.",
  },
  {
    name: "join-clears-any-loss",
    file: lostStarts,
    text: "    else if (wasLost) this.remove(start);",
    replacement: "    else this.remove(start);",
    lesson: "A join that is older than the loss means nothing.",
  },
  {
    name: "declared-lost-stays-lost",
    file: ownNode,
    text: 'isMissing: () => !isOwn(state) || state.status === "lost",',
    replacement: "isMissing: () => !isOwn(state),",
    lesson: "A node that was cut off and is back has to join again, or the ledger never shows it.",
  },
  {
    name: "nobody-is-ever-lost",
    file: liveness,
    text: 'return silentMs >= confirmedAfterMs[opinion()](limits) ? "lost" : "suspect";',
    replacement: 'return silentMs >= limits.forgetMs ? "lost" : "suspect";',
    lesson: "A suspect must be judged in the end.",
  },
  {
    name: "hasty-suspicion",
    file: liveness,
    text: '  if (before.status !== "suspect") return "suspect";',
    replacement: '  if (silentMs >= 0) return "lost";',
    lesson: "One observer that misses beats for a second is no proof.",
  },
  {
    name: "deaf-observer-judges",
    file: liveness,
    text: "  if (stalled || deaf) return { liveness: judged, changes: [] };",
    replacement: "  if (stalled && deaf) return { liveness: judged, changes: [] };",
    lesson: "An observer that hears nobody is the one that is cut off; one that slept has not listened.",
  },
  {
    name: "silence-from-the-sleep-counts",
    file: liveness,
    text: "...(paused ? { trustedSinceMs: nowMs } : {}) };",
    replacement:
      "...(paused && deafFor(liveness) ? { trustedSinceMs: nowMs } : {}) };\n  function deafFor(of: Liveness) { return of.lastHeardMs < 0; }",
    lesson: "Who was stopped himself must not hold the silence of that time against the others.",
  },
  {
    name: "reconnected-trusts-itself",
    file: liveness,
    text: "  ...liveness,\n  trustedSinceMs: nowMs,\n});\n\n/** The server answered",
    replacement:
      "  ...liveness,\n  trustedSinceMs: Math.min(nowMs, liveness.trustedSinceMs),\n});\n\n/** The server answered",
    lesson: "What was not heard between two connections says nothing about others.",
  },
  {
    name: "stuck-node-lives",
    file: liveness,
    text: '  if (loopLagMs >= limits.stuckMs) return "lost";',
    replacement: '  if (loopLagMs >= limits.forgetMs) return "lost";',
    lesson: "A node whose main loop never comes back beats on and finishes nothing.",
  },
  {
    name: "turns-without-end",
    file: nextClaim,
    text: "export const turnMs = 500;",
    replacement: "export const turnMs = 500_000;",
    lesson: "The first in order may not come: the next one's turn must be soon.",
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
