/** Whether the server has just said that nobody is signed in here: told by every answer, watched by the frame. */
import { useSyncExternalStore } from "react";
import { refusedBy } from "./refused.ts";

let signedOut = false;
const watchers = new Set<() => void>();

function change(now: boolean): void {
  if (now === signedOut) return;
  signedOut = now;
  for (const watcher of watchers) watcher();
}

export const toldByError = (error: unknown): void => {
  if (refusedBy(error) === "signedOut") change(true);
};
export const toldBySuccess = (): void => change(false);

const watch = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export const useSignedOut = (): boolean => useSyncExternalStore(watch, () => signedOut);
