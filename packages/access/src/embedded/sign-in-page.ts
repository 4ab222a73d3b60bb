/** The page at which a person gives name and password. Nothing in it runs; every text that came from outside is escaped. */
export type PageLanguage = "en" | "fr";

const texts = {
  en: {
    title: "Sign in to Relève",
    name: "User",
    password: "Password",
    button: "Sign in",
    wrong: "Name or password is wrong.",
    locked: "Too many wrong passwords: this name is locked for a while.",
    hint: "The names are the roles, such as radiologist. The passwords were shown when the system was first started; `releve users reset` draws new ones.",
    lost: "This sign-in is over: go back to the console and begin again.",
  },
  fr: {
    title: "Connexion à Relève",
    name: "Utilisateur",
    password: "Mot de passe",
    button: "Se connecter",
    wrong: "Le nom ou le mot de passe est faux.",
    locked: "Trop de mots de passe faux : ce nom est bloqué pour un moment.",
    hint: "Les noms sont les rôles, par exemple radiologist. Les mots de passe ont été affichés au premier démarrage ; `releve users reset` en tire de nouveaux.",
    lost: "Cette connexion est terminée : revenez à la console et recommencez.",
  },
} as const;

export const languageOf = (acceptLanguage: string | undefined): PageLanguage =>
  /^\s*fr\b/i.test(acceptLanguage ?? "") ? "fr" : "en";

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

export function signInPage(
  language: PageLanguage,
  {
    action,
    name = "",
    problem,
  }: { readonly action: string; readonly name?: string; readonly problem?: "wrong" | "locked" },
): string {
  const text = texts[language];
  const alert = problem ? `<p role="alert" class="problem">${text[problem]}</p>` : "";
  return page(
    language,
    `<form method="post" action="${escape(action)}">${alert}
<label>${text.name} <input name="name" value="${escape(name)}" autocomplete="username" required maxlength="64" autofocus></label>
<label>${text.password} <input name="password" type="password" autocomplete="current-password" required maxlength="256"></label>
<button>${text.button}</button></form><p class="hint">${text.hint}</p>`,
  );
}

export const lostPage = (language: PageLanguage): string =>
  page(language, `<p role="alert">${texts[language].lost}</p>`);

const page = (language: PageLanguage, body: string): string => `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${texts[language].title}</title><style>${style}</style></head>
<body><main><h1>${texts[language].title}</h1>${body}</main></body></html>`;

const style = `body{background:#1a1b1e;color:#e9ecef;font:16px system-ui,sans-serif;display:grid;place-items:center;min-height:90vh}
main{width:min(24rem,90vw)}label{display:block;margin:.8rem 0}input{display:block;width:100%;box-sizing:border-box;padding:.6rem;
background:#25262b;color:inherit;border:1px solid #909296;border-radius:4px;font:inherit}button{padding:.6rem 1.2rem;border:0;
border-radius:4px;background:#3bc9db;color:#1a1b1e;font:inherit;font-weight:600}:focus-visible{outline:3px solid #fcc419;outline-offset:2px}
.problem{color:#ff8787}.hint{color:#c1c2c5;font-size:.85rem}`;
