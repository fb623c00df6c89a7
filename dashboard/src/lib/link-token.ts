/** The token that a letter's link carries behind the #; empty when there is none. */
export function linkToken(hash: string): string {
  return new URLSearchParams(hash.replace(/^#/, "")).get("token") ?? "";
}
