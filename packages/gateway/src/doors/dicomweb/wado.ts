/** WADO-RS (PS3.18 section 10.4): the routes of what a gateway holds. Each kind of answer has a file of its own. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { JournalEntry } from "@releve/store/journal-entry";
import type { Intake } from "../../intake/open-intake.ts";
import { sendProblem } from "../problem.ts";
import { sendBulkData } from "./send-bulk-data.ts";
import { sendFrames } from "./send-frames.ts";
import { sendMetadata } from "./send-metadata.ts";
import { sendObjects } from "./send-objects.ts";

export type Retrieve = {
  readonly Params: {
    readonly study: string;
    readonly series?: string;
    readonly instance?: string;
    readonly frames?: string;
    readonly tag?: string;
  };
};
export type RetrieveRequest = FastifyRequest<Retrieve>;
/** Answers for the entries found: at least one. */
export type Answer = (
  intake: Intake,
  entries: readonly [JournalEntry, ...JournalEntry[]],
  request: RetrieveRequest,
  reply: FastifyReply,
) => Promise<FastifyReply>;

const study = "/studies/:study";
const series = `${study}/series/:series`;
const instance = `${series}/instances/:instance`;

export function wadoDoor(intake: Intake) {
  return async (app: FastifyInstance): Promise<void> => {
    const on = (path: string, answer: Answer) =>
      app.get<Retrieve>(path, async (request, reply) => {
        const [first, ...more] = await entriesOf(intake, request.params);
        if (!first) return sendProblem(reply, 404, "There is no such object here.");
        return answer(intake, [first, ...more], request, reply);
      });
    for (const path of [study, series, instance]) {
      on(path, sendObjects);
      on(`${path}/metadata`, sendMetadata);
    }
    on(`${instance}/frames/:frames`, sendFrames);
    on(`${instance}/bulkdata/:tag`, sendBulkData);
  };
}

async function entriesOf(intake: Intake, params: Retrieve["Params"]): Promise<JournalEntry[]> {
  const index = await intake.catalogue.current();
  const scope = {
    studyInstanceUid: params.study,
    seriesInstanceUid: params.series,
    sopInstanceUid: params.instance,
  };
  return Array.from(index.instances(scope), ({ entry }) => entry);
}
