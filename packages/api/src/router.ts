/** What the console asks: read-only questions over the ledger's views, and one subscription that says when to ask again. */
import { initTRPC, tracked, TRPCError } from "@trpc/server";
import { deliveryView } from "@releve/ledger/views/delivery-view";
import { viewsOf } from "@releve/ledger/views/event-index";
import { jobView } from "@releve/ledger/views/job-view";
import { studyView } from "@releve/ledger/views/study-view";
import { z } from "zod";
import type { ApiContext } from "./api-context.ts";

const t = initTRPC.context<ApiContext>().create();
const id = z.uuid();

/** More is asked for page by page. */
const mostEvents = 500;

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new TRPCError({ code: "NOT_FOUND", message: `There is no such ${what}.` });
  return value;
}

const studies = t.router({
  list: t.procedure.query(({ ctx }) =>
    viewsOf(ctx.index, "study", studyView).toSorted((a, b) => b.lastReceivedAtMs - a.lastReceivedAtMs),
  ),
  get: t.procedure
    .input(z.object({ study: id }))
    .query(({ ctx, input }) => found(studyView(ctx.index.ofStream("study", input.study)), "study")),
});

const jobs = t.router({
  list: t.procedure.input(z.object({ study: id.optional() })).query(({ ctx, input }) =>
    viewsOf(ctx.index, "job", jobView)
      .filter(({ study }) => input.study === undefined || study === input.study)
      .toSorted((a, b) => b.requestedAtMs - a.requestedAtMs),
  ),
  get: t.procedure.input(z.object({ job: id })).query(({ ctx, input }) => {
    const events = ctx.index.ofStream("job", input.job);
    const deliveries = viewsOf(ctx.index, "delivery", deliveryView).filter(({ job }) => job === input.job);
    return { job: found(jobView(events), "job"), events, deliveries };
  }),
});

const events = t.router({
  list: t.procedure
    .input(
      z.object({
        study: id.optional(),
        job: id.optional(),
        limit: z.int().min(1).max(mostEvents).default(200),
      }),
    )
    .query(({ ctx, input }) =>
      ctx.index.all
        .filter(({ event }) => input.job === undefined || ("job" in event && event.job === input.job))
        .filter(({ event }) => input.study === undefined || ("study" in event && event.study === input.study))
        .slice(-input.limit)
        .toReversed(),
    ),
});

export const router = t.router({
  studies,
  jobs,
  events,
  nodes: t.router({ list: t.procedure.query(({ ctx }) => [...ctx.nodes()]) }),
  deliveries: t.router({
    list: t.procedure.query(({ ctx }) => viewsOf(ctx.index, "delivery", deliveryView)),
  }),
  /** One notice per commit from now on; whoever was away asks for everything again, so none is kept. */
  live: t.procedure.subscription(async function* ({ ctx, signal }) {
    for await (const { position, kinds } of ctx.changes(signal ?? new AbortController().signal)) {
      yield tracked(String(position), { kinds });
    }
  }),
});

export type AppRouter = typeof router;
