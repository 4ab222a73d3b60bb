/**
 * All that happened to one job, oldest first: its own events, those of its deliveries, those of a node while the node held
 * the job, and an adoption of the ledger in between.
 */
import type { JobId } from "@releve/domain/ids";
import type { StreamId } from "../event-log.ts";
import { adoptionStream, nodeStream } from "../streams.ts";
import type { ModelEvent, ModelQueries } from "./model-queries.ts";

/** Empty for a job that there is none of. */
export function jobHistory(
  { events, view }: Pick<ModelQueries, "events" | "view">,
  job: JobId,
): ModelEvent[] {
  const own = events({ job }).toReversed();
  const ofJob = own.filter(({ stream }) => stream.kind === "job");
  const [first, last] = [ofJob.at(0), ofJob.at(-1)];
  if (!first || !last) return own;
  const status = view("job", job)?.status;
  const until = status === "waiting" || status === "running" ? Number.MAX_SAFE_INTEGER : last.n;
  const between = ({ stream, from, to }: Span): ModelEvent[] =>
    events({ stream, from }).filter(({ n }) => n <= to);
  const spans = [{ stream: adoptionStream, from: first.n, to: until }, ...holdings(ofJob, until)];
  return [...own, ...spans.flatMap(between)].toSorted((a, b) => a.n - b.n);
}

/** The events of a stream from one number to another. */
type Span = { readonly stream: StreamId; readonly from: number; readonly to: number };

/** A node held the job from its claim until the next one: its loss may be recorded after the job was taken back. */
function holdings(ofJob: readonly ModelEvent[], until: number): Span[] {
  const claims = ofJob.flatMap((entry) =>
    entry.unread === null && entry.event.type === "JobClaimed" ? [{ n: entry.n, ...entry.event }] : [],
  );
  return claims.map(({ n, site, node }, index) => ({
    stream: nodeStream(site, node),
    from: n,
    to: (claims[index + 1]?.n ?? until + 1) - 1,
  }));
}
