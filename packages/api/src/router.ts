/**
 * What the console asks: questions over the read model, one subscription that says when to ask again, and the few commands
 * that a person may give.
 */
import { mayDo } from "@releve/access/may-do";
import { isOperation, operations, type Operation } from "@releve/access/rights";
import type { Json } from "@releve/domain/canonical-json";
import type { DeliveryId, Digest, JobId, NodeId, SessionId, SiteId, StudyId } from "@releve/domain/ids";
import { isDigest, isName } from "@releve/domain/ids";
import { isRefusal, refusal, type Refusal } from "@releve/domain/refusal";
import { initTRPC, tracked, TRPCError } from "@trpc/server";
import { jobPriorities } from "@releve/ledger/events/job";
import type { ModelQueries } from "@releve/ledger/read-models/model-queries";
import type { StudyView } from "@releve/ledger/views/study-view";
import type { SiteView } from "@releve/ledger/views/site-view";
import { z } from "zod";
import type { ApiContext } from "./api-context.ts";
import { nodeRows } from "./node-rows.ts";
import { applicationNames } from "./results/application-names.ts";
import { jobMeasurements } from "./results/job-measurements.ts";
import { waitForRoom, type WaitForRoom } from "./room.ts";
import { siteRows } from "./site-rows.ts";
import { siteAskedAbout } from "./sign-in/site-asked-about.ts";

const t = initTRPC.context<ApiContext>().create();
const id = z.uuid();
const name = z.string().refine(isName);

/** More is asked for page by page. */
const most = 500;
const limit = z.int().min(1).max(most).default(200);

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new TRPCError({ code: "NOT_FOUND", message: `There is no such ${what}.` });
  return value;
}

/** Every procedure is one row of the table of rights, named as here; see the check at the end of this file. */
const checked = t.procedure.use(async ({ ctx, path, getRawInput, next }) => {
  const { signedIn } = ctx;
  if (isRefusal(signedIn)) throw new TRPCError({ code: "UNAUTHORIZED", message: signedIn.reason });
  const site = siteAskedAbout(ctx, await getRawInput());
  const no = isOperation(path) ? mayDo(signedIn.person, path, { site }) : withoutRow(path);
  if (no) {
    ctx.onRefused(signedIn.person, path, site, no);
    throw new TRPCError({ code: "FORBIDDEN", message: no.reason });
  }
  return next({ ctx: { ...ctx, ...signedIn } });
});

const withoutRow = (path: string): Refusal => refusal("NOT_ALLOWED", `Nobody may do this (${path}).`);

/** What the site that received the study promises: safe at once, or when a second site holds all of it. */
const withSafety = ({ sole, ...study }: StudyView, sites: readonly SiteView[]) => {
  const policy = sites.find(({ site }) => site === study.site)?.safety ?? "local";
  const missing = sole.length;
  return { ...study, safety: { policy, missing, safe: policy === "local" || missing === 0 } };
};

/** Why a settled study has no jobs yet, where that is because the cluster is full. */
const withRoom = <Study extends Pick<StudyView, "status">>(study: Study, room: () => WaitForRoom | null) => ({
  ...study,
  waitsForRoom: study.status === "settled" ? room() : null,
});

/** Asked of the model at most once an answer. */
const roomOnce = (ctx: ApiContext, queries: ModelQueries) => {
  let room: WaitForRoom | null | undefined;
  return () => (room === undefined ? (room = waitForRoom(queries, ctx.nodes(), ctx.nowMs())) : room);
};

const studies = t.router({
  list: checked.input(z.object({ limit }).default({ limit: 200 })).query(({ ctx, input }) =>
    ctx.model.ask((queries) => {
      const { views } = queries;
      const sites = views("site");
      const room = roomOnce(ctx, queries);
      return views("study", input)
        .map((study) => withRoom(withSafety(study, sites), room))
        .toSorted((a, b) => b.lastReceivedAtMs - a.lastReceivedAtMs);
    }),
  ),
  get: checked.input(z.object({ study: id })).query(({ ctx, input }) =>
    ctx.model.ask((queries) => {
      const study = found(queries.view("study", input.study), "study");
      return withRoom(withSafety(study, queries.views("site")), roomOnce(ctx, queries));
    }),
  ),
});

const onRequest = "asked for at the console";

const jobs = t.router({
  list: checked
    .input(z.object({ study: id.optional(), status: z.string().optional(), limit }))
    .query(({ ctx, input }) => ctx.joined.jobs(input)),
  counts: checked.query(({ ctx }) => ctx.joined.jobCounts()),
  get: checked
    .input(z.object({ job: id }))
    .query(({ ctx, input }) => found(ctx.joined.job(input.job as JobId), "job")),
  measurements: checked.input(z.object({ job: id })).query(({ ctx, input }) => {
    const { job } = found(ctx.joined.job(input.job as JobId), "job");
    return jobMeasurements(job.outputs, ctx.readObject);
  }),
  retry: checked
    .input(z.object({ job: id }))
    .mutation(({ ctx, input }) => ctx.commands.job(input.job as JobId, { type: "retry", reason: onRequest })),
  cancel: checked
    .input(z.object({ job: id }))
    .mutation(({ ctx, input }) =>
      ctx.commands.job(input.job as JobId, { type: "cancel", reason: onRequest }),
    ),
});

/** A study has few volumes that belong together; a DWI of a hundred directions has the most. */
const plansMax = 512;

const aWish = z.object({
  study: id,
  application: name,
  plans: z
    .array(z.string().refine(isDigest))
    .min(1)
    .max(plansMax)
    .transform((plans) => plans as Digest[]),
  parameters: z.custom<Json>((value) => z.json().safeParse(value).success),
  priority: z.enum(jobPriorities).default("urgent"),
  language: z.enum(["en", "fr"]).default("en"),
});

const applications = t.router({ list: checked.query(() => applicationNames) });

/** Applications asked for by hand. */
const requests = t.router({
  options: checked
    .input(z.object({ study: id }))
    .query(({ ctx, input }) => ctx.byHand.options(input.study as StudyId)),
  make: checked
    .input(aWish)
    .mutation(({ ctx, input: { study, ...wish } }) => ctx.byHand.request(study as StudyId, wish)),
});

const deliveries = t.router({
  list: checked
    .input(z.object({ status: z.string().optional(), limit }))
    .query(({ ctx, input }) => ctx.model.ask(({ views }) => views("delivery", input))),
  retry: checked
    .input(z.object({ delivery: id }))
    .mutation(({ ctx, input }) =>
      ctx.commands.delivery(input.delivery as DeliveryId, { type: "retry", reason: onRequest }),
    ),
});

const aNode = z.object({ site: name, node: name });

const nodes = t.router({
  list: checked.query(({ ctx }) =>
    nodeRows(
      ctx.model.ask(({ views }) => views("node")),
      ctx.nodes(),
    ),
  ),
  drain: checked
    .input(aNode)
    .mutation(({ ctx, input }) =>
      ctx.commands.node(input.site as SiteId, input.node as NodeId, { type: "drain", reason: onRequest }),
    ),
  resume: checked
    .input(aNode)
    .mutation(({ ctx, input }) =>
      ctx.commands.node(input.site as SiteId, input.node as NodeId, { type: "resume" }),
    ),
});

const system = t.router({
  sites: checked.query(({ ctx }) => ({
    here: ctx.place,
    sites: ctx.model.ask(({ views }) => siteRows(ctx.place, views("site"), views("node"), ctx.nodes())),
    ledger: ctx.health(),
    lag: ctx.lag(),
    model: { ...ctx.model.checkpoint(), unread: ctx.model.ask(({ unreadCount }) => unreadCount()) },
    nowMs: ctx.nowMs(),
  })),
  drill: checked.query(({ ctx }) => ctx.drill() ?? null),
  me: checked.query(({ ctx: { person, place } }) => ({
    name: person.name,
    roles: person.roles,
    sites: person.sites,
    /** At this site; of a thing elsewhere the answer may be another. */
    may: operations.filter((operation) => !mayDo(person, operation, { site: place.site as SiteId })),
  })),
});

export const router = t.router({
  studies,
  jobs,
  applications,
  requests,
  deliveries,
  nodes,
  system,
  sessions: t.router({
    list: checked
      .input(z.object({ study: id.optional(), limit }))
      .query(({ ctx, input }) => ctx.model.ask(({ views }) => views("session", input))),
    open: checked
      .input(z.object({ study: id, plan: z.string().refine(isDigest) }))
      .mutation(({ ctx, input }) =>
        ctx.sessions.open({
          study: input.study as StudyId,
          plan: input.plan,
          owner: ctx.person.subject,
        }),
      ),
    close: checked
      .input(z.object({ session: id }))
      .mutation(({ ctx, input }) => ctx.sessions.close(input.session as SessionId)),
  }),
  events: t.router({
    list: checked
      .input(z.object({ study: id.optional(), job: id.optional(), before: z.int().optional(), limit }))
      .query(({ ctx, input }) => ctx.model.ask(({ events }) => events(input))),
  }),
  /** One notice per commit from now on; whoever was away asks for everything again, so none is kept. */
  live: checked.subscription(async function* ({ ctx, signal }) {
    for await (const { position, kinds } of ctx.changes(
      AbortSignal.any([ctx.ended, ...(signal ? [signal] : [])]),
    )) {
      yield tracked(String(position), { kinds });
    }
  }),
});

export type AppRouter = typeof router;

type PathsOf<Routes> = {
  [Name in keyof Routes & string]: Routes[Name] extends { readonly _def: { readonly procedure: true } }
    ? Name
    : `${Name}.${PathsOf<Routes[Name]>}`;
}[keyof Routes & string];

/** A procedure that has no row in the table of rights does not compile: here its path is named in the error. @public */
export const withoutRights: Exclude<PathsOf<AppRouter["_def"]["record"]>, Operation>[] = [] satisfies never[];
