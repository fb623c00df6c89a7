import { expect, test } from "vitest";
import { safeNext } from "./next";
import { KEY_PLACEHOLDER, languages, snippet } from "./snippets";

test("a sign-in leads on within this app and nowhere else", () => {
  expect(safeNext("/p/1/live?x=1")).toBe("/p/1/live?x=1");
  const elsewhere = [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "",
    7,
  ];
  expect(elsewhere.map(safeNext)).toEqual(elsewhere.map(() => undefined));
});

test("every snippet sends to this server with the key in it", () => {
  for (const language of languages.filter((each) => each !== "Website")) {
    const code = snippet(language, "https://pulse.example", KEY_PLACEHOLDER, "project-1");
    expect(code).toContain("https://pulse.example/ingest/event");
    expect(code).toContain(KEY_PLACEHOLDER);
  }
});

test("a website's pages carry its id and no key", () => {
  const code = snippet("Website", "https://pulse.example", KEY_PLACEHOLDER, "project-1");
  expect(code).toContain('"https://pulse.example/track"');
  expect(code).toContain("https://pulse.example/track.gif?websiteId=project-1");
  expect(code).not.toContain(KEY_PLACEHOLDER);
});
