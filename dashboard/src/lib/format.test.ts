import { expect, test } from "vitest";
import { bytes, change, count, duration, percent, plural, pointChange } from "./format";

test("counts stay exact up to ten millions and then get short", () => {
  expect(count(0)).toBe("0");
  expect(count(9_128_400)).toBe("9,128,400");
  expect(count(12_840_000)).toBe("12.8M");
});

test("a percentage shows as many digits as tell something", () => {
  expect([0, 0.00004, 0.0042, 0.031, 0.0996, 0.42].map(percent)).toEqual([
    "0%",
    "<0.01%",
    "0.42%",
    "3.1%",
    "10%",
    "42%",
  ]);
});

test("growth is a percentage, and a multiple once it is tenfold", () => {
  expect(change(120, 100)).toEqual({ direction: "up", text: "20%" });
  expect(change(75, 100)).toEqual({ direction: "down", text: "25%" });
  expect(change(5000, 100)).toEqual({ direction: "up", text: "50×" });
});

test("a comparison with nothing is not a percentage", () => {
  expect(change(5, undefined)).toBeNull();
  expect(change(5, 0)).toEqual({ direction: "up", text: "new" });
  expect(change(0, 0)?.direction).toBe("same");
});

test("a rate is compared in percentage points", () => {
  expect(pointChange(0.031, 0.026)).toEqual({ direction: "up", text: "0.50 pp" });
  expect(pointChange(0.5, 0.5)?.direction).toBe("same");
});

test("durations change their unit where people do", () => {
  expect([0, 0.4, 38.2, 1240].map(duration)).toEqual(["0 ms", "0.4 ms", "38 ms", "1.24 s"]);
});

test("one is singular and none is plural", () => {
  expect([0, 1, 2].map((n) => plural(n, "user"))).toEqual(["0 users", "1 user", "2 users"]);
});

test("bytes are told in the unit that keeps them short", () => {
  expect([0, 812, 1000, 4180, 38_200_000, 1.25e12].map(bytes)).toEqual([
    "0 B",
    "812 B",
    "1.0 KB",
    "4.2 KB",
    "38 MB",
    "1.3 TB",
  ]);
});
