import "./styles.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { statusOf } from "./api/problem";
import { whenSignedOut } from "./api/transport";
import { makeRouter } from "./router";

const PASSING = new Set([0, 429, 502, 503, 504]);

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // A server on localhost or a LAN answers also when the browser believes to be offline.
      networkMode: "always",
      // Just long enough that what a route has begun to load is not asked for again by its components.
      staleTime: 2_000,
      retry: (failures, error) => failures < 2 && PASSING.has(statusOf(error) ?? -1),
      retryDelay: (attempt) => 600 * 2 ** attempt,
    },
    mutations: { networkMode: "always" },
  },
});
const router = makeRouter(queries);

const FOR_STRANGERS = new Set([
  "/login",
  "/register",
  "/setup",
  "/forgot-password",
  "/reset-password",
  "/verify-email",
  "/confirm-email",
  "/invitation",
]);

whenSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (FOR_STRANGERS.has(pathname)) return;
  queries.clear();
  void router.navigate({ to: "/login", search: pathname === "/" ? {} : { next: href }, replace: true });
});

const host = document.getElementById("root");
if (!host) throw new Error("index.html has no #root");
createRoot(host).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
