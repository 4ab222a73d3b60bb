/** A power failure of the whole house, in the middle of a job and of an association: nothing that was accepted is lost. */
import type { SendTarget } from "@releve/dicom/dimse/send-objects";
import type { EventType, LedgerEvent } from "@releve/ledger/events";
import type { EventIndex } from "@releve/ledger/views/event-index";
import { natsUrlOf } from "@releve/server/cluster/topology";
import { sendStudy, type SentFile } from "@releve/server/demo/send-study";
import { generatedFiles } from "@releve/server/demo/source-files";
import { deliveriesOf, jobsOf, studiesOf } from "@releve/server/demo/summary";
import { ctPhantom } from "@releve/testkit/phantom/ct-phantom";
import { demoStudy } from "@releve/testkit/phantom/demo-study";
import type { Heartbeat } from "@releve/wire/heartbeat";
import { listenToHeartbeats } from "@releve/wire/heartbeat-listener";
import { expect, onTestFinished, test } from "vitest";
import { embeddedCluster, gatewayOf, newPlace, watchCluster } from "./support/embedded-cluster.ts";

const beforeTheKill = { timeout: 60_000, interval: 10 };
const afterTheStart = { timeout: 120_000, interval: 100 };
/** The archive by both doors. */
const destinations = 2;

test("a SIGKILL of every process loses no accepted object and no job", { timeout: 420_000 }, async () => {
  const place = await newPlace();
  const before = await embeddedCluster(place);
  const { index: old } = await watchCluster(before);
  const demo = generatedFiles(demoStudy());
  const accepted = storedOf(await sendStudy(gatewayOf(before), demo, () => {}));
  expect(accepted.length).toBe(demo.length);

  const sending = sendUntilKilled(gatewayOf(before));
  await expect.poll(() => eventsOf(old, "JobClaimed").length, beforeTheKill).toBeGreaterThan(0);
  await before.killEverything();
  accepted.push(...(await sending));
  const oldStarts = new Set(eventsOf(old, "NodeJoined").map(({ incarnation }) => incarnation));
  expect(oldStarts.size).toBe(4);

  const after = await embeddedCluster(place);
  const { index, finished } = await watchCluster(after);
  await expect.poll(() => unsettled(index, accepted), afterTheStart).toEqual([]);
  const studies = new Set(studiesOf(index).map(({ study }) => study));
  expect(await finished({ studies, destinations })).toEqual([]);
  expect(unsettled(index, accepted)).toEqual([]);

  const jobs = jobsOf(index).map(({ job }) => job);
  expect(jobsOf(index).filter(({ status }) => status !== "completed")).toEqual([]);
  expect(jobs).toEqual(expect.arrayContaining(jobsOf(old).map(({ job }) => job)));
  const completions = eventsOf(index, "JobCompleted").map(({ job }) => job);
  expect(completions.toSorted()).toEqual(jobs.toSorted());
  const delivered = deliveriesOf(index).filter(({ status }) => status === "delivered");
  expect(delivered.length).toBe(jobs.length * destinations);

  // What the old starts held was claimed again by new ones, and nobody but those is heard.
  const held = heldAtTheKill(index, oldStarts);
  expect(held.length).toBeGreaterThan(0);
  for (const job of held) {
    const claims = eventsOf(index, "JobClaimed").filter((claim) => claim.job === job);
    expect(claims.length).toBeGreaterThan(1);
    expect(oldStarts).not.toContain(claims.at(-1)!.incarnation);
  }
  const nodes = await nodesHeard(natsUrlOf(place.ports));
  expect(nodes.map(({ node, busy }) => `${node} ${busy}`)).toEqual(["a1 0", "a2 0", "b1 0", "b2 0"]);
  expect(nodes.filter(({ incarnation }) => oldStarts.has(incarnation))).toEqual([]);
});

const storedOf = (sent: readonly SentFile[]): string[] =>
  sent.flatMap((file) => (file.outcome === "stored" ? [file.sopInstanceUid] : []));

/** Many more than there is time for. */
const lateStudiesMax = 50;
const slices = 200;

/** Small studies one after the other, so that the end comes in the middle of one. @returns what was answered with Success. */
async function sendUntilKilled(gateway: SendTarget): Promise<string[]> {
  const stored: string[] = [];
  for (let sent = 0; sent < lateStudiesMax && stored.length === sent * slices; sent++) {
    const files = ctPhantom({ study: `late ${sent}`, columns: 32, rows: 32, slices });
    stored.push(...storedOf(await sendStudy(gateway, generatedFiles(files), () => {})));
  }
  return stored;
}

/** Those of the accepted objects that no settled study accounts for, in a volume or left out with a reason. */
function unsettled(index: EventIndex, accepted: readonly string[]): string[] {
  const settled = new Set(
    studiesOf(index)
      .filter(({ status, series, objectCount }) => {
        const accounted = series.reduce((sum, one) => sum + one.objectCount, 0);
        return status === "ruled" && accounted === objectCount;
      })
      .map(({ study }) => study),
  );
  const there = new Set(
    eventsOf(index, "StudyObjectsReceived")
      .filter(({ study }) => settled.has(study))
      .flatMap(({ objects }) => objects.map(({ sopInstanceUid }) => sopInstanceUid)),
  );
  return accepted.filter((uid) => !there.has(uid));
}

function eventsOf<T extends EventType>(index: EventIndex, type: T): Extract<LedgerEvent, { type: T }>[] {
  const events = index.all.map(({ event }) => event);
  return events.filter((event): event is Extract<LedgerEvent, { type: T }> => event.type === type);
}

/** Jobs that were claimed and had not ended when the first node of the new start joined, by the ledger alone. */
function heldAtTheKill({ all }: EventIndex, oldStarts: ReadonlySet<string | undefined>): string[] {
  const restart = all.findIndex(
    ({ event }) => event.type === "NodeJoined" && !oldStarts.has(event.incarnation),
  );
  const held = new Set<string>();
  for (const { event } of all.slice(0, restart)) {
    if (event.type === "JobClaimed") held.add(event.job);
    if (event.type === "JobCompleted") held.delete(event.job);
  }
  return [...held];
}

/** The four nodes as an observer hears them, in the order of their names. */
async function nodesHeard(natsUrl: string): Promise<Heartbeat[]> {
  const beats = new Map<string, Heartbeat>();
  const onBeat = (beat: Heartbeat) => void (beat.kind === "recon" && beats.set(beat.node, beat));
  const listener = await listenToHeartbeats({ servers: [natsUrl], name: "observer", onBeat });
  onTestFinished(listener.stop);
  await expect.poll(() => [...beats.values()].filter(({ busy }) => busy === 0).length, afterTheStart).toBe(4);
  return [...beats.values()].toSorted((a, b) => (a.node < b.node ? -1 : 1));
}
