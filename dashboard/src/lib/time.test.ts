import { expect, test } from "vitest";
import { addDays, ago, clockTime, dayOf, offsetText, startOfDay } from "./time";

test("a day begins at local midnight, also on the days when clocks change", () => {
  expect(startOfDay("2026-01-15", "Europe/Berlin").toISOString()).toBe("2026-01-14T23:00:00.000Z");
  expect(startOfDay("2026-03-29", "Europe/Berlin").toISOString()).toBe("2026-03-28T23:00:00.000Z");
  expect(startOfDay("2026-03-30", "Europe/Berlin").toISOString()).toBe("2026-03-29T22:00:00.000Z");
  expect(startOfDay("2026-10-26", "Europe/Berlin").toISOString()).toBe("2026-10-25T23:00:00.000Z");
});

test("a day begins right where the offset has half hours or lies far from UTC", () => {
  expect(startOfDay("2026-06-01", "Asia/Kathmandu").toISOString()).toBe("2026-05-31T18:15:00.000Z");
  expect(startOfDay("2026-06-01", "Pacific/Kiritimati").toISOString()).toBe("2026-05-31T10:00:00.000Z");
  expect(startOfDay("2026-11-01", "America/New_York").toISOString()).toBe("2026-11-01T04:00:00.000Z");
});

test("an instant falls on the calendar day of the zone", () => {
  const late = new Date("2026-01-15T23:30:00Z");
  expect(dayOf(late, "UTC")).toBe("2026-01-15");
  expect(dayOf(late, "Europe/Berlin")).toBe("2026-01-16");
  expect(dayOf(late, "America/Los_Angeles")).toBe("2026-01-15");
});

test("days are added over the ends of months and leap days", () => {
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
});

test("offsets read as people write them", () => {
  const winter = new Date("2026-01-15T12:00:00Z");
  expect(offsetText(winter, "UTC")).toBe("UTC");
  expect(offsetText(winter, "Europe/Berlin")).toBe("UTC+1");
  expect(offsetText(winter, "America/St_Johns")).toBe("UTC−3:30");
});

test("the past is told in one unit, and a future time in full", () => {
  const now = new Date("2026-01-15T12:00:00Z");
  const told = (instant: string) => ago(instant, now, "UTC");
  expect(told("2026-01-15T11:59:58Z")).toBe("just now");
  expect(told("2026-01-15T11:59:30Z")).toBe("30 s ago");
  expect(told("2026-01-15T09:00:00Z")).toBe("3 h ago");
  expect(told("2025-11-01T09:00:00Z")).toBe("1 Nov 2025");
  expect(told("2026-01-16T09:00:00Z")).toBe("16 Jan 2026, 09:00");
});

test("midnight is 00, not 24", () => {
  expect(clockTime("2026-01-15T00:00:00.007Z", "UTC")).toBe("00:00:00.007");
});
