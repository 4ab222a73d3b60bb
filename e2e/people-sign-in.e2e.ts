/** People sign in once at the embedded identity provider, see what their role may see at both sites, and sign out. */
import type { ShownPassword } from "@releve/access/embedded/users";
import { webUrlOf } from "@releve/server/cluster/topology";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { chromiumPage } from "./support/chromium.ts";
import { embeddedCluster, newPlace } from "./support/embedded-cluster.ts";

test("people sign in, see what their role may, and sign out", { timeout: 300_000 }, async () => {
  const place = await newPlace();
  const { passwords } = await embeddedCluster(place, undefined, true);
  const [consoleA, consoleB] = [place.ports.sites["site-a"], place.ports.sites["site-b"]].map((ports) =>
    webUrlOf(ports.console),
  ) as [string, string];

  const page = await chromiumPage();
  await page.goto(`${consoleA}/#/nodes`);
  await page.getByText("Sign in to go on.").waitFor();
  await page.getByRole("link", { name: "Sign in" }).click();
  await fillIn(page, "radiologist", "wrong");
  await page.getByText("Name or password is wrong.").waitFor();
  await fillIn(page, "radiologist", passwordOf(passwords, "radiologist"));
  await page.getByText("radiologist").first().waitFor();
  expect(page.url()).toBe(`${consoleA}/#/nodes`);
  expect(await pagesOf(page)).toEqual(["Studies", "Jobs", "Deliveries", "Nodes", "Sites", "Events"]);
  await expectNoTokenIn(page);

  // The other site knows the person by the same sign-in: no password again, by its own cookie.
  await page.goto(consoleB);
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.waitForURL(`${consoleB}/**`);
  await page.getByText("radiologist").first().waitFor();
  await page.getByText("Français").click();
  await page.getByRole("button", { name: "Se déconnecter" }).click();
  await page.getByText("Connectez-vous pour continuer.").waitFor();

  // Signed out at the provider, so at the other site too.
  await page.goto(consoleA);
  await page.getByText("Sign in to go on.").waitFor();
  await page.getByText("Français").click();
  await page.getByRole("link", { name: "Se connecter" }).click();
  await fillIn(page, "dpo", passwordOf(passwords, "dpo"));
  await page.getByText("délégué à la protection des données").waitFor();
  expect(await pagesOf(page)).toEqual(["Sites", "Événements"]);
  await page.goto(`${consoleA}/#/studies`);
  await page.getByText("Aucun de vos rôles ne permet de voir ceci sur ce site.").waitFor();
});

const passwordOf = (passwords: readonly ShownPassword[], role: string): string =>
  passwords.find(({ name }) => name === role)!.password;

async function fillIn(page: Page, name: string, password: string): Promise<void> {
  await page.locator('input[name="name"]').fill(name);
  await page.locator('input[name="password"]').fill(password);
  await page.getByRole("button", { name: /Sign in|Se connecter/ }).click();
}

const pagesOf = (page: Page): Promise<string[]> => page.locator("nav a").allTextContents();

/** Neither a script nor the store of the page can reach anything that signs in. */
async function expectNoTokenIn(page: Page): Promise<void> {
  const reachable = await page.evaluate(
    "JSON.stringify([document.cookie, Object.entries(localStorage), Object.entries(sessionStorage)])",
  );
  expect(reachable).not.toMatch(/releve-site|eyJ/);
  const cookies = await page.context().cookies();
  const ours = cookies.filter(({ name }) => name.startsWith("releve-"));
  expect(ours.map(({ httpOnly, sameSite }) => [httpOnly, sameSite])).toEqual(ours.map(() => [true, "Lax"]));
  expect(ours.length).toBeGreaterThan(0);
  for (const { value } of ours) expect(value).not.toMatch(/^eyJ/);
}
