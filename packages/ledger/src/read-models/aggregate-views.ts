/** Which fold makes the view of which kind of stream. A kind without one has its events here and nothing else. */
import type { EventEnvelope } from "../envelope.ts";
import type { StreamKind } from "../event-log.ts";
import { nextDeliveryView } from "../views/delivery-view.ts";
import { nextJobView } from "../views/job-view.ts";
import { nextNodeView } from "../views/node-view.ts";
import { nextSessionView } from "../views/session-view.ts";
import { nextSiteView } from "../views/site-view.ts";
import { nextStudyView } from "../views/study-view.ts";

export type AggregateView = { readonly status: string };
type Next = (view: AggregateView | undefined, envelope: EventEnvelope) => AggregateView | undefined;

/** The cast is what the streams promise: a stream of a kind holds that kind's events, and so its view. */
const folded = <View extends AggregateView>(
  next: (view: View | undefined, envelope: EventEnvelope) => View | undefined,
): Next => next as Next;

export const nextViewOf: { readonly [Kind in StreamKind]: Next | undefined } = {
  job: folded(nextJobView),
  study: folded(nextStudyView),
  delivery: folded(nextDeliveryView),
  node: folded(nextNodeView),
  site: folded(nextSiteView),
  session: folded(nextSessionView),
  access: undefined,
  order: undefined,
  ledger: undefined,
};
