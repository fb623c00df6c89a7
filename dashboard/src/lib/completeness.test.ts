import { expect, test } from "vitest";
import { isBehind, lagText } from "./completeness";

test("numbers are behind from the sixth second on", () => {
  expect([0, 5, 5.01, 900].map((lagSeconds) => isBehind({ lagSeconds }))).toEqual([false, false, true, true]);
});

test("a lag is told in seconds, minutes, hours", () => {
  expect([7.4, 119, 120, 7199, 7200, 90_000].map(lagText)).toEqual([
    "7 s",
    "119 s",
    "2 min",
    "120 min",
    "2 h",
    "25 h",
  ]);
});
