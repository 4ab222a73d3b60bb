/**
 * The read models of several ledgers, asked as one: this site's own, and that of each copy. One file a ledger, joined in the
 * answer: each then has a checkpoint, an epoch and a rebuild of its own, as it needs, because positions of two ledgers cannot
 * be compared. A job is named by its home, the ledger that took it in and alone writes of it; the same job may have several.
 */
import type { JobId } from "@releve/domain/ids";
import type { DeliveryView } from "../views/delivery-view.ts";
import type { JobView } from "../views/job-view.ts";
import { jobHistory } from "./job-history.ts";
import type { ModelEvent, ViewFilter } from "./model-queries.ts";
import type { ReadModelView } from "./open-read-model.ts";

type Asked = Pick<ReadModelView, "ask">;

/** `home` null: this ledger; only here can anything be done about it. */
export type HomedJob = JobView & { readonly home: string | null };

export type JobAtHome = {
  readonly job: HomedJob;
  readonly events: ModelEvent[];
  readonly deliveries: DeliveryView[];
  /** The same job in other ledgers: of several completions one counts, the others are superseded. */
  readonly elsewhere: readonly HomedJob[];
};

export type JoinedModels = {
  /** The newest first, by the clocks of those who wrote them. */
  readonly jobs: (filter?: ViewFilter) => HomedJob[];
  readonly jobCounts: () => Readonly<Record<string, number>>;
  /** At home here where it is, else at the first that knows it. */
  readonly job: (id: JobId) => JobAtHome | undefined;
  /** Whether a completion in any ledger named this object as a picture. */
  readonly hasPicture: (digest: string) => boolean;
};

/** @param copies by the name of the ledger. */
export function joinedModels(own: Asked, copies: ReadonlyMap<string, Asked>): JoinedModels {
  const homes: readonly (readonly [string | null, Asked])[] = [[null, own], ...copies];
  return {
    jobs: (filter = {}) => {
      const all = homes.flatMap(([home, model]) =>
        model.ask(({ views }) => views("job", filter)).map((job) => ({ ...job, home })),
      );
      if (homes.length > 1) all.sort((a, b) => b.requestedAtMs - a.requestedAtMs);
      return all.slice(0, filter.limit);
    },
    jobCounts: () => {
      const counts: Record<string, number> = {};
      for (const [, model] of homes)
        for (const [status, count] of Object.entries(model.ask((queries) => queries.counts("job"))))
          counts[status] = (counts[status] ?? 0) + count;
      return counts;
    },
    job: (id) => {
      const known = homes.flatMap(([home, model]) => {
        const view = model.ask((queries) => queries.view("job", id));
        return view ? [{ model, job: { ...view, home } }] : [];
      });
      const [first, ...others] = known;
      return first && { ...atHome(first.model, id), job: first.job, elsewhere: others.map(({ job }) => job) };
    },
    hasPicture: (digest) => homes.some(([, model]) => model.ask(({ hasPicture }) => hasPicture(digest))),
  };
}

const atHome = (model: Asked, job: JobId) =>
  model.ask((queries) => ({
    events: jobHistory(queries, job),
    deliveries: queries.views("delivery", { job }),
  }));
