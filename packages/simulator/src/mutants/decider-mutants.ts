/** Bugs in what is decided about a job, a delivery or a node. */
import type { Mutant } from "./mutant.ts";

const job = "ledger/src/deciders/job.ts";
const delivery = "ledger/src/deciders/delivery.ts";
const node = "ledger/src/deciders/node.ts";

export const deciderMutants: readonly Mutant[] = [
  {
    name: "complete-without-token",
    file: job,
    text: "  if (!heldBy(command.token, state)) return staleToken();",
    replacement: '  if (state.status !== "claimed") return staleToken();',
    lesson: "A node that was taken for lost and wakes must not complete what another holds now.",
  },
  {
    name: "token-is-the-epoch",
    file: job,
    text: "a.epoch === b.epoch && a.version === b.version;",
    replacement: "a.epoch === b.epoch;",
    lesson: "Two claims of one epoch differ by their version alone.",
  },
  {
    name: "fail-without-token",
    file: job,
    text: "    heldBy(command.token, state) ? failAttempt(command, state) : staleToken(),",
    replacement: '    state.status === "claimed" ? failAttempt(command, state) : staleToken(),',
    lesson: "A zombie's failure must not end the attempt of the node that took over.",
  },
  {
    name: "release-without-token",
    file: job,
    text: "(heldBy(command.token, state) ? release(command, state) : staleToken()),",
    replacement: '(state.status === "claimed" ? release(command, state) : staleToken()),',
    lesson:
      "Several observers release the same claim: the second one must not take the job from its next holder.",
  },
  {
    name: "claim-what-is-taken",
    file: job,
    text: '  if (state.status === "waiting")\n',
    replacement: '  if (state.status === "waiting" || state.status === "claimed")\n',
    lesson: "Who reads again after a lost race must see that the job is taken.",
  },
  {
    name: "claim-after-the-end",
    file: job,
    text: '  if (state.status !== "claimed") return ended();',
    replacement:
      '  if (state.status !== "claimed")\n    return [{ type: "JobClaimed", job: state.request.job, attempt: 1, ...claimant }];',
    lesson: "A node whose view lags claims a job that has ended: the decider, not the view, must say no.",
  },
  {
    name: "attempts-not-bounded",
    file: job,
    text: "const isLastAttempt = (state: Claimed): boolean => state.spent + 1 >= attemptsMax;",
    replacement: "const isLastAttempt = (state: Claimed): boolean => state.spent > attemptsMax + 9;",
    lesson: "A poison job takes one node down after the other.",
  },
  {
    name: "one-attempt-too-many",
    file: job,
    text: "state.spent + 1 >= attemptsMax;",
    replacement: "state.spent >= attemptsMax;",
    lesson: "The attempt that is just ending counts.",
  },
  {
    name: "lost-node-costs-nothing",
    file: job,
    text: 'waitingAgain(tried(state, event.type), event.node, event.reason === "node-lost");',
    replacement: "waitingAgain(tried(state, event.type), event.node, false);",
    lesson: "An attempt that took its node down was an attempt.",
  },
  {
    name: "failure-costs-nothing",
    file: job,
    text: "return waitingAgain(tried(state, event.type), event.node, true);",
    replacement: "return waitingAgain(tried(state, event.type), event.node, false);",
    lesson: "A job that fails each time must come to an end.",
  },
  {
    name: "refusal-tried-again",
    file: job,
    text: "  return final || isLastAttempt(state) ?",
    replacement: "  return isLastAttempt(state) ?",
    lesson: "What an application refuses it refuses on every node.",
  },
  {
    name: "exhausted-but-waiting",
    file: job,
    text: '  if (command.reason !== "node-lost" || !isLastAttempt(state)) return [released];',
    replacement: "  if (attempt > 0) return [released];",
    lesson: "The release of the last attempt and the dead letter are one commit.",
  },
  {
    name: "cancel-after-the-end",
    file: job,
    text: '  return isOpen(state) ? [{ type: "JobCancelled", job: state.request.job, reason }] : ended();',
    replacement: '  return [{ type: "JobCancelled", job: state.request.job, reason }];',
    lesson: "A cancel that comes after the completion is too late: the result may be at the PACS.",
  },
  {
    name: "retry-after-completion",
    file: job,
    text: 'const givenUp = state.status === "deadLettered" || state.status === "cancelled";',
    replacement: "const givenUp = true;",
    lesson: "A second completion would have other bytes under the same UIDs.",
  },
  {
    name: "request-twice",
    file: job,
    text: '    return state.status === "none" ? [{ type: "JobRequested", ...command.request }] : [];',
    replacement: '    return [{ type: "JobRequested", ...command.request }];',
    lesson: "The same request from two sites is one job.",
  },
  {
    name: "delivery-requested-twice",
    file: delivery,
    text: '    return state.status === "none" ? [{ type: "DeliveryRequested", ...command.request }] : [];',
    replacement: '    return [{ type: "DeliveryRequested", ...command.request }];',
    lesson: "Two gateways that both think it is their turn must ask for one delivery.",
  },
  {
    name: "delivered-twice",
    file: delivery,
    text: '  if (state.status === "delivered") return [];\n',
    replacement: "",
    lesson: "Two senders may both have a receipt; it is recorded once.",
  },
  {
    name: "pacs-down-is-final",
    file: delivery,
    text: "const stop = command.final || attempt >= deliveryAttemptsMax;",
    replacement: "const stop = command.final || attempt >= 1;",
    lesson: "A PACS that is down comes back.",
  },
  {
    name: "failure-of-any-try",
    file: delivery,
    text: '  if (state.status !== "pending" || command.attempt <= state.attempts) return [];\n  const { attempt, code, reason, nowMs } = command;\n  if (attempt !== state.attempts + 1)',
    replacement:
      '  if (state.status !== "pending") return [];\n  const { attempt, code, reason, nowMs } = command;\n  if (attempt < 1)',
    lesson: "Two senders that both failed have failed once: the failure of a recorded try changes nothing.",
  },
  {
    name: "lose-any-start",
    file: node,
    text: "  if (state.incarnation !== command.incarnation)",
    replacement: '  if (state.incarnation !== command.incarnation && command.type === "leave")',
    lesson: "An observer speaks of the start that fell silent; the next one may be alive already.",
  },
  {
    name: "lose-again",
    file: node,
    text: '  if (state.status === "lost" || state.status === "left") return [];',
    replacement: '  if (state.status === "left") return [];',
    lesson: "Every node observes: the loss is one fact, whoever says it.",
  },
];
