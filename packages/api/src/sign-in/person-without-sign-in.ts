/**
 * Who acts where no identity provider is set: whoever sits at this machine or shows the operator's certificate. Such an
 * installation knows one person, who holds every role; from elsewhere nobody gets in.
 */
import { TLSSocket } from "node:tls";
import type { Person } from "@releve/access/person";
import { roles } from "@releve/access/roles";
import { subjectIdOf } from "@releve/domain/ids";
import { refusal } from "@releve/domain/refusal";
import { mayAct } from "../may-act.ts";
import type { PersonOf } from "./person-of.ts";

const local: Person = {
  subject: subjectIdOf("releve:local", "whoever is at this machine"),
  name: "",
  roles,
  sites: "every",
};

const never = new AbortController().signal;

/** @param operatorUri the name in the operator's certificate. */
export const personWithoutSignIn =
  (operatorUri: string): PersonOf =>
  async ({ socket }) =>
    mayAct(socket, operatorUri)
      ? { person: local, ended: never }
      : refusal(
          "NOT_SIGNED_IN",
          socket instanceof TLSSocket
            ? "Only who has the operator's certificate comes in here."
            : "Only who is at this machine, or has the operator's certificate, comes in here.",
        );
