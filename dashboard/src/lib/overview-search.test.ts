import { expect, test } from "vitest";
import { focusOf, readSearch } from "./overview-search";

test("the overview is narrowed to one name or one type, never to both", () => {
  expect(readSearch({ range: "7d", name: "signup", type: "ERROR" })).toEqual({ range: "7d", name: "signup" });
  expect(focusOf({ type: "ERROR" })).toEqual({ property: "type", value: "ERROR" });
  expect(focusOf({})).toBeUndefined();
});

test("an event may be called like a number", () => {
  expect(readSearch({ name: 404 })).toEqual({ name: "404" });
});

test("what makes no sense in the address is left out", () => {
  expect(readSearch({ range: "soon", name: ["a"], type: null, x: 1 })).toEqual({});
});
