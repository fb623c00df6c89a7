import { expect, test } from "vitest";
import { pauseText, sourceName } from "./sources";

test("a source is called by its label, and a deleted key by the end of its id", () => {
  const source = "01970000-0000-7000-8000-0000000abcde";
  expect(sourceName({ kind: "key", label: "Backend", source })).toBe("Backend");
  expect(sourceName({ kind: "key", label: null, source })).toBe("Deleted key …0abcde");
  expect(sourceName({ kind: "visitors", label: null, source: "" })).toBe("Website visitors");
});

test("a pause is told in the unit that keeps it short", () => {
  expect([0.2, 45, 600, 5400, 86_400, 3 * 86_400].map(pauseText)).toEqual([
    "1 s",
    "45 s",
    "10 min",
    "1.5 h",
    "24 h",
    "3 d",
  ]);
});
