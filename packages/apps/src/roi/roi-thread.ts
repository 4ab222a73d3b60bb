/** `measureRegions` in a thread of its own. */
import { answer } from "../in-thread.ts";
import { measureRegions } from "./measure-regions.ts";

answer(measureRegions, () => []);
