import { expect, test } from "vitest";
import { linkToken } from "./link-token";

test("a letter's link brings its token behind the #", () => {
  expect(linkToken("#token=a-b_c")).toBe("a-b_c");
  expect(linkToken("token=a-b_c")).toBe("a-b_c");
});

test("a link that was cut brings none", () => {
  for (const hash of ["", "#", "#token=", "#x=y"]) expect(linkToken(hash)).toBe("");
});
