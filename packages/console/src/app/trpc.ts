/** The typed client: questions over HTTP, notices over server-sent events. */
import type { AppRouter } from "@releve/api/router";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { refusedBy } from "../sign-in/refused.ts";
import { toldByError, toldBySuccess } from "../sign-in/sign-in-state.ts";

const told = { onError: toldByError, onSuccess: toldBySuccess };
/** What was refused will be refused again; what failed may come yet. */
const retry = (failures: number, error: Error): boolean => failures < 2 && refusedBy(error) === undefined;

export const queryClient = new QueryClient({
  queryCache: new QueryCache(told),
  mutationCache: new MutationCache({ onError: toldByError }),
  defaultOptions: { queries: { retry, staleTime: 1_000 } },
});

const client = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: (operation) => operation.type === "subscription",
      true: httpSubscriptionLink({ url: "/trpc" }),
      false: httpBatchLink({ url: "/trpc" }),
    }),
  ],
});

export const trpc = createTRPCOptionsProxy<AppRouter>({ client, queryClient });
