/** Starts the console. */
import { createTheme, MantineProvider } from "@mantine/core";
import "./mantine-styles.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Frame } from "./app/frame.tsx";
import { queryClient } from "./app/trpc.ts";
import { startTexts } from "./locales/i18n.ts";
import { LazySession } from "./session/lazy-session.tsx";
import { sessionInPath } from "./session/session-path.ts";

const theme = createTheme({ primaryColor: "cyan", focusRing: "auto", defaultRadius: "sm" });

const session = sessionInPath(location.pathname);

await startTexts();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider theme={theme} forceColorScheme="dark">
      <QueryClientProvider client={queryClient}>
        {session === undefined ? <Frame /> : <LazySession session={session} />}
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
