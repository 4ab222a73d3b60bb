/** The page for who cannot be signed in: what is wrong, in both languages, and where to try again. Nothing in it runs. */

const sentences: Readonly<Record<string, { readonly en: string; readonly fr: string }>> = {
  PROVIDER_UNREACHABLE: {
    en: "The identity provider does not answer, so nobody can sign in now. Whoever is signed in works on for an hour. Tell the people who run it, and try again in a minute.",
    fr: "Le fournisseur d'identité ne répond pas : personne ne peut se connecter maintenant. Les personnes déjà connectées continuent pendant une heure. Prévenez ses exploitants et réessayez dans une minute.",
  },
  SIGN_IN_NOT_BEGUN: {
    en: "This sign-in was not begun in this browser, or more than ten minutes ago.",
    fr: "Cette connexion n'a pas été commencée dans ce navigateur, ou il y a plus de dix minutes.",
  },
};

const other = {
  en: "The sign-in was refused.",
  fr: "La connexion a été refusée.",
};

export function problemPage(code: string, reason: string): string {
  const { en, fr } = sentences[code] ?? { en: `${other.en} ${reason}`, fr: `${other.fr} ${reason}` };
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Relève</title>
<style>body{background:#1a1b1e;color:#e9ecef;font:16px system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem}a{color:#66d9e8}</style></head>
<body><h1>Relève</h1><p role="alert">${escape(en)}</p><p lang="fr">${escape(fr)}</p>
<p><a href="/sign-in">Try again</a> · <a href="/sign-in" lang="fr">Réessayer</a></p></body></html>`;
}

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
