/**
 * `releve ledger adopt`: takes on a ledger that came back from an older backup, under a new epoch, so that no token of before
 * counts. It first says what is missing, as far as this machine can tell, and asks.
 */
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { systemClock } from "@releve/domain/clock";
import { Fault } from "@releve/domain/fault";
import type { Digest } from "@releve/domain/ids";
import { isRefusal } from "@releve/domain/refusal";
import { execute } from "@releve/ledger/command-handler";
import { adoptionDecider } from "@releve/ledger/deciders/adoption";
import type { EventLog } from "@releve/ledger/event-log";
import { openJetStreamLog, type JetStreamLogOptions } from "@releve/ledger/jetstream/jetstream-log";
import { adoptionStream } from "@releve/ledger/streams";
import { openObjectStore } from "@releve/store/object-store";
import { foundSites, type FoundSite } from "./adoption/found-sites.ts";
import { isRestored, surveyLedger, type Survey } from "./adoption/survey-ledger.ts";

export type AdoptOptions = {
  readonly data: string;
  readonly yes: boolean;
  readonly ledger: JetStreamLogOptions;
  readonly say: (line: string) => void;
};

/** @returns 0 when the ledger was adopted, 1 when it need not or shall not be. @throws Fault ADOPTION_REFUSED; of the ledger. */
export async function adoptLedger({ data, yes, ledger, say }: AdoptOptions): Promise<number> {
  const log = await openJetStreamLog(ledger);
  try {
    const sites = await foundSites(data);
    const survey = await surveyLedger(log, sites);
    for (const line of surveyLines(survey)) say(line);
    if (!survey.marks.some(isRestored)) return 1;
    if (!yes && !(await confirmed())) {
      say("Nothing was changed. To adopt it: releve ledger adopt --yes");
      return 1;
    }
    const epoch = await adopt(log, survey, await keepReport(sites, survey));
    say(
      `The ledger is under epoch ${epoch}. Start every process again; those that waited for this go on by themselves.`,
    );
    return 0;
  } finally {
    await log.close();
  }
}

const listedMax = 20;

export function surveyLines({ epoch, tail, remembered, marks, lost }: Survey): readonly string[] {
  const restored = marks.filter(isRestored);
  const head = `The ledger ends at ${tail}, under epoch ${epoch}.`;
  if (restored.length === 0)
    return [head, `${marks.length} processes remember it so, or do not know it: there is nothing to adopt.`];
  return [
    head,
    ...restored.map(
      ({ site, process, position, epoch: of, judgement }) =>
        `${site} ${process} knew position ${position} under epoch ${of}: ${judgement === "older" ? "it is not there" : "another event is there"}`,
    ),
    `Missing: what was written after the backup, up to position ${remembered} at least.`,
    ...objectLines(
      lost,
      "accepted",
      "accepted objects that the ledger does not name; their gateway tells them again",
    ),
    ...objectLines(
      lost,
      "unnamed",
      "stored objects that nothing names, such as results and plans of lost work",
    ),
  ];
}

function objectLines(lost: Survey["lost"], known: "accepted" | "unnamed", what: string): readonly string[] {
  const those = lost.filter((object) => object.known === known);
  const listed = those.slice(0, listedMax).map(({ site, digest, bytes, sopInstanceUid = "" }) => {
    return `  ${site} ${digest} ${bytes} bytes ${sopInstanceUid}`.trimEnd();
  });
  const more =
    those.length > listedMax ? [`  and ${those.length - listedMax} more, all of them in the report`] : [];
  return [`${those.length} ${what}`, ...listed, ...more];
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const questions = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await questions.question("Type adopt to adopt it as it is: ")).trim() === "adopt";
  } finally {
    questions.close();
  }
}

const reportBytesMax = 1024 ** 3;

/** In the object store of the first site that has one here. */
async function keepReport(sites: readonly FoundSite[], survey: Survey): Promise<Digest | null> {
  const site = sites.find(({ objects }) => objects.length > 0) ?? sites[0];
  if (!site) return null;
  const store = await openObjectStore({ dir: join(site.dir, "store"), minFreeBytes: 0 });
  const report = new TextEncoder().encode(JSON.stringify(survey));
  return (await store.put(report, { maxBytes: reportBytesMax })).digest;
}

/** As often as it takes to come above every epoch that anybody remembers: an adoption may itself have been lost. */
async function adopt(log: EventLog, survey: Survey, report: Digest | null): Promise<number> {
  const { tail, remembered } = survey;
  const context = { atMs: systemClock.nowMs(), site: "operator", actor: "operator" };
  const known = Math.max(survey.epoch, ...survey.marks.map(({ epoch }) => epoch));
  for (let expectedEpoch = survey.epoch; expectedEpoch <= known; expectedEpoch++) {
    const command = { type: "adopt", expectedEpoch, tail, remembered, report } as const;
    const done = await execute(log, adoptionStream, adoptionDecider, command, context);
    if (isRefusal(done)) throw new Fault("ADOPTION_REFUSED", done.reason, "never");
  }
  return known + 1;
}
