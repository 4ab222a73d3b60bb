/** What the applications are called, for lists that know only their ids. */
import { catalogue } from "@releve/apps/catalogue";
import type { Application } from "@releve/apps/application";

export type ApplicationName = Pick<Application, "id" | "title" | "users">;

export const applicationNames: readonly ApplicationName[] = catalogue.map(({ id, title, users }) => ({
  id,
  title,
  users,
}));
