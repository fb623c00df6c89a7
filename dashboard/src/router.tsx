import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { statusOf } from "@/api/problem";
import { meQuery, methodsQuery, prefetchNumbers, projectsQuery, setupQuery } from "@/api/queries";
import { csrfToken } from "@/api/refresh";
import { PageFailure, PageMissing, PagePending } from "@/components/PageStates";
import { Shell } from "@/components/shell/Shell";
import { safeNext } from "@/lib/next";
import { focusOf, readSearch } from "@/lib/overview-search";
import { firstProject, rememberedRange } from "@/lib/pick";
import { isRange, type RangeText } from "@/lib/range";
import { LoginPage } from "@/pages/auth/LoginPage";
import { RegisterPage } from "@/pages/auth/RegisterPage";
import { SetupPage } from "@/pages/auth/SetupPage";

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: PageMissing });

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: SetupPage,
  validateSearch: (search): { token?: string } => (search.token ? { token: String(search.token) } : {}),
  loader: ({ context }) => context.queries.ensureQueryData(setupQuery),
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  component: LoginPage,
  validateSearch: (search): { next?: string; problem?: string } => {
    const next = safeNext(search.next);
    return { ...(next ? { next } : {}), ...(search.problem ? { problem: String(search.problem) } : {}) };
  },
  loader: async ({ context }) => {
    const { needed } = await context.queries.ensureQueryData(setupQuery);
    if (needed) throw redirect({ to: "/setup" });
    await context.queries.ensureQueryData(methodsQuery);
  },
});

const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  component: RegisterPage,
  loader: ({ context }) => context.queries.ensureQueryData(setupQuery),
});

const forgotten = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("@/pages/auth/ForgottenPage"), "ForgottenPage"),
});

// Where letters' links lead: each brings its token behind the #, which no server ever sees.
const newPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("@/pages/auth/NewPasswordPage"), "NewPasswordPage"),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: "/verify-email",
  component: lazyRouteComponent(() => import("@/pages/auth/ConfirmPages"), "VerifyEmailPage"),
});

const confirmEmail = createRoute({
  getParentRoute: () => root,
  path: "/confirm-email",
  component: lazyRouteComponent(() => import("@/pages/auth/ConfirmPages"), "ConfirmEmailPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => import("@/pages/auth/InvitationPage"), "InvitationPage"),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  component: Shell,
  notFoundComponent: PageMissing,
  beforeLoad: async ({ context, location }) => {
    // Every page needs both, and neither needs the other.
    if (csrfToken() !== null) void context.queries.prefetchQuery(projectsQuery);
    try {
      await context.queries.ensureQueryData(meQuery);
    } catch (error) {
      if (statusOf(error) !== 401) throw error;
      throw redirect({ to: "/login", search: location.pathname === "/" ? {} : { next: location.href } });
    }
  },
  loader: ({ context }) => context.queries.ensureQueryData(projectsQuery),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  loader: async ({ context }) => {
    const { items } = await context.queries.ensureQueryData(projectsQuery);
    const project = firstProject(items, await context.queries.ensureQueryData(meQuery));
    if (!project) throw redirect({ to: "/projects/new", replace: true });
    throw redirect({ to: "/p/$projectId", params: { projectId: project.id }, replace: true });
  },
});

const newProject = createRoute({
  getParentRoute: () => signedIn,
  path: "/projects/new",
  component: lazyRouteComponent(() => import("@/pages/projects/NewProjectPage"), "NewProjectPage"),
});

const profile = createRoute({
  getParentRoute: () => signedIn,
  path: "/profile",
  component: lazyRouteComponent(() => import("@/pages/profile/ProfilePage"), "ProfilePage"),
});

const deadLetters = createRoute({
  getParentRoute: () => signedIn,
  path: "/admin/dead-letters",
  component: lazyRouteComponent(() => import("@/pages/letters/AdminLettersPage"), "AdminLettersPage"),
  loader: async ({ context }) => {
    const { roles } = await context.queries.ensureQueryData(meQuery);
    if (!roles.includes("superadmin")) throw notFound();
  },
});

const project = createRoute({
  getParentRoute: () => signedIn,
  path: "/p/$projectId",
  component: lazyRouteComponent(() => import("@/pages/projects/ProjectFrame"), "ProjectFrame"),
  loader: async ({ context, params }) => {
    const { items } = await context.queries.ensureQueryData(projectsQuery);
    if (!items.some(({ id }) => id === params.projectId)) throw notFound();
  },
});

const overview = createRoute({
  getParentRoute: () => project,
  path: "/",
  component: lazyRouteComponent(() => {
    // The chart's code is the largest piece of the page: it comes while the numbers are still on their way.
    void import("@/chart/EventChart");
    return import("@/pages/overview/OverviewPage");
  }, "OverviewPage"),
  validateSearch: readSearch,
  loaderDeps: ({ search }) => search,
  loader: async ({ context, params, deps }) => {
    const { items } = await context.queries.ensureQueryData(projectsQuery);
    const zone = items.find(({ id }) => id === params.projectId)?.timezone;
    if (zone)
      prefetchNumbers(context.queries, {
        ...params,
        range: deps.range ?? rememberedRange(),
        zone,
        focus: focusOf(deps),
      });
  },
});

const live = createRoute({
  getParentRoute: () => project,
  path: "/live",
  component: lazyRouteComponent(() => import("@/pages/live/LivePage"), "LivePage"),
});

const ingestion = createRoute({
  getParentRoute: () => project,
  path: "/ingestion",
  component: lazyRouteComponent(() => import("@/pages/ingestion/IngestionPage"), "IngestionPage"),
  validateSearch: ({ range }): { range?: RangeText } => (isRange(range) ? { range } : {}),
});

const ownDeadLetters = createRoute({
  getParentRoute: () => project,
  path: "/dead-letters",
  component: lazyRouteComponent(() => import("@/pages/letters/ProjectLettersPage"), "ProjectLettersPage"),
});

const keys = createRoute({
  getParentRoute: () => project,
  path: "/keys",
  component: lazyRouteComponent(() => import("@/pages/keys/KeysPage"), "KeysPage"),
});

const settings = createRoute({
  getParentRoute: () => project,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/pages/settings/SettingsFrame"), "SettingsFrame"),
});

const general = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("@/pages/settings/GeneralPage"), "GeneralPage"),
});

const collection = createRoute({
  getParentRoute: () => settings,
  path: "/collection",
  component: lazyRouteComponent(() => import("@/pages/settings/CollectionPage"), "CollectionPage"),
});

const schemas = createRoute({
  getParentRoute: () => settings,
  path: "/schemas",
  component: lazyRouteComponent(() => import("@/pages/settings/schemas/SchemasPage"), "SchemasPage"),
});

const schema = createRoute({
  getParentRoute: () => settings,
  path: "/schemas/$schemaId",
  component: lazyRouteComponent(() => import("@/pages/settings/schemas/SchemaPage"), "SchemaPage"),
});

const routeTree = root.addChildren([
  setup,
  login,
  register,
  forgotten,
  newPassword,
  verifyEmail,
  confirmEmail,
  invitation,
  signedIn.addChildren([
    home,
    newProject,
    profile,
    deadLetters,
    project.addChildren([
      overview,
      live,
      ingestion,
      ownDeadLetters,
      keys,
      settings.addChildren([general, collection, schemas, schema]),
    ]),
  ]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    basepath: "/app",
    context: { queries },
    defaultPreload: "intent",
    // TanStack Query decides what is fresh; the router must not keep a second opinion.
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: PagePending,
    defaultPendingMs: 300,
    defaultErrorComponent: PageFailure,
    defaultNotFoundComponent: PageMissing,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
