/** `measureLungs` in a thread of its own: ten seconds for a chest of 400 slices. */
import { isRefusal } from "@releve/domain/refusal";
import { answer } from "../in-thread.ts";
import { measureLungs } from "./measure-lungs.ts";

answer(measureLungs, (found) =>
  isRefusal(found) ? [] : [found.lungs.left.buffer, found.lungs.right.buffer],
);
