/** What happened, the latest first. */
import { Anchor, Code, Table, Text } from "@mantine/core";
import type { EventView } from "../app/answers.ts";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import { useSaid } from "../french/use-said.ts";
import { shortId, useFormat } from "../app/format.ts";
import { useApplicationTitle } from "../app/use-application-title.ts";
import { trpc } from "../app/trpc.ts";
import { hrefOf } from "../app/use-route.ts";

export function EventsPage() {
  const { t } = useTranslation();
  const events = useQuery(trpc.events.list.queryOptions({}));
  return (
    <Answer question={events} empty={{ when: (list) => list.length === 0, text: t("noEvents") }}>
      {(list) => <EventTable events={list} />}
    </Answer>
  );
}

export function EventTable({ events }: { readonly events: readonly EventView[] }) {
  const { t } = useTranslation();
  return (
    <Table striped>
      <Table.Caption>{t("events")}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("time")}</Table.Th>
          <Table.Th>{t("site")}</Table.Th>
          <Table.Th>{t("actor")}</Table.Th>
          <Table.Th>{t("event")}</Table.Th>
          <Table.Th>{t("details")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {events.map((entry) => (
          <EventRow key={entry.n} entry={entry} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function EventRow({ entry }: { readonly entry: EventView }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  if (entry.unread !== null)
    return (
      <Table.Tr>
        <Table.Td colSpan={4}>
          <Text c="orange">{t("unreadEvent")}</Text>
        </Table.Td>
        <Table.Td>
          <Code block>{entry.json}</Code>
        </Table.Td>
      </Table.Tr>
    );
  const { context, event } = entry;
  return (
    <Table.Tr>
      <Table.Td>{moment(context.atMs)}</Table.Td>
      <Table.Td>{context.site}</Table.Td>
      <Table.Td>{context.actor}</Table.Td>
      <Table.Td>
        <Code>{event.type}</Code>
      </Table.Td>
      <Table.Td>
        <About event={event} />
      </Table.Td>
    </Table.Tr>
  );
}

function About({ event }: { readonly event: Extract<EventView, { unread: null }>["event"] }) {
  const titleOf = useApplicationTitle();
  const say = useSaid();
  if ("job" in event)
    return (
      <>
        <Anchor href={hrefOf("jobs", event.job)}>{shortId(event.job)}</Anchor>{" "}
        {event.type === "JobRequested" ? titleOf(event.application) : null}
        {"reason" in event && event.type !== "JobReleased" ? say(event.reason) : null}
      </>
    );
  if ("study" in event) return <Anchor href={hrefOf("studies", event.study)}>{shortId(event.study)}</Anchor>;
  if ("delivery" in event) return shortId(event.delivery);
  if ("session" in event) return shortId(event.session);
  if ("node" in event) return `${event.site}/${event.node}`;
  return "site" in event ? event.site : null;
}
