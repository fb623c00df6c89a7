import { expect, test } from "vitest";
import { gist, measure, titled, toneOf } from "./describe";
import { fits, wordsOf } from "./filter";
import { type LiveEvent, readMessage } from "./message";
import { backoff, KEPT, merge } from "./store";

function event(id: string, change: Partial<LiveEvent> = {}): LiveEvent {
  return {
    id,
    type: "CUSTOM",
    name: "signup",
    timestamp: "2026-01-15T10:30:00.000Z",
    receivedAt: `2026-01-15T10:30:00.${id.padStart(3, "0").slice(-3)}Z`,
    userId: "",
    anonymousId: "",
    sessionId: "",
    url: "",
    path: "",
    method: "",
    endpoint: "",
    statusCode: null,
    durationMs: null,
    message: "",
    value: null,
    currency: "",
    properties: {},
    ...change,
  };
}

test("an event that came twice stands once, newest first", () => {
  const merged = merge([event("2"), event("3")], [event("2"), event("1")]);
  expect(merged.map(({ id }) => id)).toEqual(["3", "2", "1"]);
});

test("the stream keeps a bounded number of events", () => {
  const many = Array.from({ length: KEPT + 50 }, (_, n) => event(String(n)));
  expect(merge(many, [])).toHaveLength(KEPT);
});

test("waiting doubles, is spread, and never passes its bound", () => {
  expect(backoff(0, 0.5)).toBe(500);
  expect(backoff(3, 0.5)).toBe(4000);
  expect(backoff(50, 0)).toBe(11_250);
  expect(backoff(50, 1)).toBe(18_750);
});

test("every word of a filter must occur, wherever it does", () => {
  const payment = event("1", { type: "ERROR", name: "PaymentDeclined", userId: "user_7", statusCode: 402 });
  expect(fits(payment, wordsOf("payment USER_7"))).toBe(true);
  expect(fits(payment, wordsOf("402 error"))).toBe(true);
  expect(fits(payment, wordsOf("payment user_8"))).toBe(false);
  expect(fits(payment, wordsOf("  "))).toBe(true);
});

test("errors are red by type or status, a client's mistake is amber", () => {
  expect(toneOf(event("1", { type: "error" }))).toBe("bad");
  expect(toneOf(event("1", { statusCode: 503 }))).toBe("bad");
  expect(toneOf(event("1", { statusCode: 404 }))).toBe("warn");
  expect(toneOf(event("1"))).toBe("plain");
});

test("an event is told by its message, else its route, else its simple properties", () => {
  expect(gist(event("1", { message: "boom", path: "/x" }))).toBe("boom");
  expect(gist(event("1", { method: "GET", endpoint: "/items/{id}", path: "/items/1" }))).toBe(
    "GET /items/{id}",
  );
  expect(gist(event("1", { properties: { plan: "pro", value: 9, team: { id: 1 } } }))).toBe("plan=pro");
  expect(measure(event("1", { statusCode: 200, durationMs: 12.4 }))).toBe("200 · 12 ms");
});

test("nothing is said twice, and a name that is only the type gives way to what happened", () => {
  const request = { type: "REQUEST", method: "GET", endpoint: "/items" };
  expect(titled(event("1", { ...request, name: "request" }))).toEqual({ title: "GET /items", detail: "" });
  expect(titled(event("1", { ...request, name: "GET /items" }))).toEqual({ title: "GET /items", detail: "" });
  expect(titled(event("1", { ...request, name: "list" }))).toEqual({ title: "list", detail: "GET /items" });
});

test("a message of a kind that is not known is passed over", () => {
  expect(readMessage('{"type":"event","event":{}}')?.type).toBe("event");
  expect(readMessage('{"type":"maintenance"}')).toBeNull();
  expect(readMessage(new ArrayBuffer(1))).toBeNull();
});
