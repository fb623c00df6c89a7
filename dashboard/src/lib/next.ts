/** Where a sign-in came from, if that is a page of this app: never another site's address. */
export function safeNext(next: unknown): string | undefined {
  return typeof next === "string" && /^\/(?![/\\])/.test(next) ? next : undefined;
}
