import type { Digest, SiteId, StudyId, Uuid } from "@releve/domain/ids";
import { expect, test } from "vitest";
import type { Commit, Position, Version } from "../event-log.ts";
import type { StoredObject } from "../events/stored-object.ts";
import type { StudyEvent } from "../events/study.ts";
import { newInputPlaces } from "./input-places.ts";

const study = "study" as StudyId;
const [siteA, siteB] = ["site-a" as SiteId, "site-b" as SiteId];
const commit = (event: StudyEvent): Commit => ({
  stream: { kind: "study", id: study },
  version: 1 as Version,
  position: 1 as Position,
  events: [{ eventId: "event" as Uuid, context: { atMs: 0, site: siteA, actor: "test" }, schema: 1, event }],
});
const digests = (count: number) => Array.from({ length: count }, (_, at) => `digest-${at}` as Digest);
const received = (count: number) =>
  commit({
    type: "StudyObjectsReceived",
    study,
    studyInstanceUid: "1.2",
    objects: digests(count).map((digest) => ({ digest }) as StoredObject),
  });
const replicated = (count: number) =>
  commit({ type: "StudyObjectsReplicated", study, site: siteB, digests: digests(count) });

test("the inputs lie at the requested site, and in part where they were replicated to", () => {
  const places = newInputPlaces();
  expect(places.of(study, siteA)).toEqual([{ site: siteA, fraction: 1 }]);
  places.apply(received(8));
  places.apply(replicated(2));
  expect(places.of(study, siteA)).toEqual([
    { site: siteA, fraction: 1 },
    { site: siteB, fraction: 0.25 },
  ]);
  places.apply(replicated(6));
  expect(places.of(study, siteA)[1]).toEqual({ site: siteB, fraction: 1 });
  expect(places.of(study, siteB)).toEqual([{ site: siteB, fraction: 1 }]);
});
