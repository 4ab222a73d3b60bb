/** Navigation, language, the notice of a lost connection, and the page itself. */
import { Alert, Anchor, AppShell, Container, Group, Title } from "@mantine/core";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useTranslation } from "react-i18next";
import { DeliveriesPage } from "../deliveries/deliveries-page.tsx";
import { EventsPage } from "../events/events-page.tsx";
import { JobPage } from "../jobs/job-page.tsx";
import { JobsPage } from "../jobs/jobs-page.tsx";
import { NodesPage } from "../nodes/nodes-page.tsx";
import { SitesPage } from "../sites/sites-page.tsx";
import { StudiesPage } from "../studies/studies-page.tsx";
import { StudyPage } from "../studies/study-page.tsx";
import { SignInIsOver, SignInPage } from "../sign-in/signed-out.tsx";
import { useSignedOut } from "../sign-in/sign-in-state.ts";
import { WhoAmI } from "../sign-in/who-am-i.tsx";
import { Answer } from "./answer.tsx";
import type { Me, Operation } from "./answers.ts";
import { LanguageChoice } from "./language-choice.tsx";
import { askingAgain } from "./live-queries.ts";
import { SystemNotices } from "./system-notices.tsx";
import { queryClient, trpc } from "./trpc.ts";
import { useMe } from "./use-may.ts";
import { hrefOf, pages, useRoute, type Page, type Route } from "./use-route.ts";

const onData = askingAgain(queryClient);

/** What each page shows needs this row of the table of rights. */
const needs = {
  studies: "studies.list",
  jobs: "jobs.list",
  deliveries: "deliveries.list",
  nodes: "nodes.list",
  sites: "system.sites",
  events: "events.list",
} as const satisfies Readonly<Record<Page, Operation>>;

/** Nobody sees anything before it is known who they are. */
export function Frame() {
  const me = useMe();
  const signedOut = useSignedOut();
  if (signedOut && !me.isSuccess) return <SignInPage />;
  return <Answer question={me}>{(known) => <FrameOf me={known} signedOut={signedOut} />}</Answer>;
}

function FrameOf({ me, signedOut }: { readonly me: Me; readonly signedOut: boolean }) {
  const { t } = useTranslation();
  const asked = useRoute();
  const allowed = pages.filter((page) => me.may.includes(needs[page]));
  // Who has no right to the first page begins at the first that they may see.
  const route = location.hash === "" ? { page: allowed[0] ?? asked.page, id: undefined } : asked;
  const live = useSubscription(trpc.live.subscriptionOptions(undefined, { onData }));
  return (
    <AppShell header={{ height: 52 }} padding="md">
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="lg" wrap="nowrap">
            <Title order={1} size="h4">
              Relève
            </Title>
            <Group component="nav" gap="md" wrap="nowrap" aria-label={t("navigation")}>
              {allowed.map((page) => (
                <Anchor
                  key={page}
                  href={hrefOf(page)}
                  fw={page === route.page ? 700 : 400}
                  aria-current={page === route.page ? "page" : undefined}
                >
                  {t(page)}
                </Anchor>
              ))}
            </Group>
          </Group>
          <Group gap="md" wrap="nowrap">
            <WhoAmI me={me} />
            <LanguageChoice />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Main>
        {signedOut ? <SignInIsOver /> : null}
        {!signedOut && isLost(live) ? (
          <Alert color="yellow" role="status" mb="md">
            {t("disconnected")}
          </Alert>
        ) : null}
        <SystemNotices />
        <Container size="xl" px={0}>
          <CurrentPage route={route} />
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

const isLost = (live: { readonly status: string; readonly error: unknown }): boolean =>
  live.status === "error" || (live.status === "connecting" && Boolean(live.error));

function CurrentPage({ route: { page, id } }: { readonly route: Route }) {
  switch (page) {
    case "studies":
      return id === undefined ? <StudiesPage /> : <StudyPage study={id} />;
    case "jobs":
      return id === undefined ? <JobsPage /> : <JobPage job={id} />;
    case "deliveries":
      return <DeliveriesPage />;
    case "nodes":
      return <NodesPage />;
    case "sites":
      return <SitesPage />;
    case "events":
      return <EventsPage />;
  }
}
