/** The viewer and its texts, fetched when a session is looked at: the console's first load does without. */
import { Loader } from "@mantine/core";
import i18next from "i18next";
import { lazy, Suspense } from "react";
import { Answer } from "../app/answer.tsx";
import { useMe } from "../app/use-may.ts";
import { useSignedOut } from "../sign-in/sign-in-state.ts";
import { SignInPage } from "../sign-in/signed-out.tsx";

const Viewer = lazy(async () => {
  const [{ SessionPage }, { sessionEn }, { sessionFr }] = await Promise.all([
    import("./session-page.tsx"),
    import("./texts-en.ts"),
    import("./texts-fr.ts"),
  ]);
  i18next.addResourceBundle("en", "translation", sessionEn, true);
  i18next.addResourceBundle("fr", "translation", sessionFr, true);
  return { default: SessionPage };
});

/** Nobody sees a picture before it is known who they are; the server judges each stream anyway. */
export function LazySession({ session }: { readonly session: string }) {
  const me = useMe();
  const signedOut = useSignedOut();
  if (signedOut && !me.isSuccess) return <SignInPage />;
  return (
    <Answer question={me}>
      {() => (
        <Suspense fallback={<Loader m="xl" />}>
          <Viewer session={session} />
        </Suspense>
      )}
    </Answer>
  );
}
