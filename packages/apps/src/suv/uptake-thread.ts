/** `measureUptake` in a thread of its own: a whole body has a hundred million voxels. */
import { isRefusal } from "@releve/domain/refusal";
import { answer } from "../in-thread.ts";
import { measureUptake } from "./measure-uptake.ts";

answer(measureUptake, (found) => (isRefusal(found) ? [] : found.regions.map(({ voxels }) => voxels.buffer)));
