/** Navigation, language, the notice of a lost connection, and the page itself. */
import { Alert, Anchor, AppShell, Container, Group, SegmentedControl, Title } from "@mantine/core";
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
import { askingAgain } from "./live-queries.ts";
import { SystemNotices } from "./system-notices.tsx";
import { queryClient, trpc } from "./trpc.ts";
import { hrefOf, pages, useRoute, type Route } from "./use-route.ts";

const onData = askingAgain(queryClient);

export function Frame() {
  const { t, i18n } = useTranslation();
  const route = useRoute();
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
              {pages.map((page) => (
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
          <SegmentedControl
            size="xs"
            aria-label={t("language")}
            value={i18n.language}
            onChange={(language) => void i18n.changeLanguage(language)}
            data={[
              { value: "en", label: "English" },
              { value: "fr", label: "Français" },
            ]}
          />
        </Group>
      </AppShell.Header>
      <AppShell.Main>
        {live.status === "error" || (live.status === "connecting" && live.error) ? (
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
