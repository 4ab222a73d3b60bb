/** `labelLesions` in a thread of its own. */
import { answer } from "../in-thread.ts";
import { labelLesions } from "./label-lesions.ts";

answer(labelLesions, () => []);
