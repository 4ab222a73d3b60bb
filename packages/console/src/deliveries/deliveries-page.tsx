/** Where results went, and what has not arrived: a delivery that stopped is asked for again here. */
import { Anchor, Table } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Answer } from "../app/answer.tsx";
import type { DeliveryView } from "../app/answers.ts";
import { CommandButton } from "../app/command-button.tsx";
import { shortId, useFormat } from "../app/format.ts";
import { StatusBadge } from "../app/status-badge.tsx";
import { trpc } from "../app/trpc.ts";
import { useSaid } from "../french/use-said.ts";
import { hrefOf } from "../app/use-route.ts";

export function DeliveriesPage() {
  const { t } = useTranslation();
  const deliveries = useQuery(trpc.deliveries.list.queryOptions({}));
  return (
    <Answer question={deliveries} empty={{ when: (list) => list.length === 0, text: t("noDeliveries") }}>
      {(list) => <DeliveryTable deliveries={list} />}
    </Answer>
  );
}

export function DeliveryTable({ deliveries }: { readonly deliveries: readonly DeliveryView[] }) {
  const { t } = useTranslation();
  return (
    <Table striped>
      <Table.Caption>{t("deliveries")}</Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("job")}</Table.Th>
          <Table.Th>{t("destination")}</Table.Th>
          <Table.Th>{t("site")}</Table.Th>
          <Table.Th>{t("status")}</Table.Th>
          <Table.Th>{t("attempts")}</Table.Th>
          <Table.Th>{t("details")}</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {deliveries.map((delivery) => (
          <DeliveryRow key={delivery.delivery} delivery={delivery} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: DeliveryView }) {
  const { t } = useTranslation();
  const { moment } = useFormat();
  const retry = useMutation(trpc.deliveries.retry.mutationOptions());
  const say = useSaid();
  const { job, destination, site, status, attempts, detail, nextAtMs } = delivery;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor href={hrefOf("jobs", job)}>{shortId(job)}</Anchor>
      </Table.Td>
      <Table.Td>{destination}</Table.Td>
      <Table.Td>{site}</Table.Td>
      <Table.Td>
        <StatusBadge status={status} />
      </Table.Td>
      <Table.Td>{attempts}</Table.Td>
      <Table.Td>
        {detail === undefined ? null : say(detail)}{" "}
        {nextAtMs === undefined ? null : t("nextTry", { at: moment(nextAtMs) })}
      </Table.Td>
      <Table.Td>
        {status === "stopped" ? (
          <CommandButton
            label={t("retryDelivery")}
            needs="deliveries.retry"
            command={retry}
            onClick={() => retry.mutate({ delivery: delivery.delivery })}
          />
        ) : null}
      </Table.Td>
    </Table.Tr>
  );
}
