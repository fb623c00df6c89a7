import { expect, test } from "vitest";
import { reasonWords } from "./reasons";

test("a reason is told in a sentence with what to do", () => {
  const { title, what, todo } = reasonWords("quota-exceeded");
  expect([title, what, todo].every((text) => text.length > 5)).toBe(true);
});

test("a reason that the page does not know is shown by its own word", () => {
  expect(reasonWords("brand-new").title).toBe("brand-new");
});

test("a reason called like a part of every object is none that the page knows", () => {
  expect(reasonWords("constructor").title).toBe("constructor");
});
