import { expect, test } from "vitest";
import { faultOf, faultSentence } from "@/lib/faults";
import { problem } from "./problem";

test("a problem document gives its words and its faults", () => {
  const error = problem(422, {
    title: "Invalid",
    detail: "No.",
    errors: [{ path: "password", message: "is too short" }],
  });
  expect(error).toMatchObject({
    status: 422,
    detail: "No.",
    faults: [{ path: "password", message: "is too short" }],
  });
});

test("a body that is no problem document still says something", () => {
  expect(problem(502, "<html>").detail).toBe("The server answered 502.");
  expect(problem(0, null).detail).toContain("does not answer");
});

test("Retry-After is read in seconds and ignored as a date", () => {
  expect(problem(429, null, "30").retryAfter).toBe(30);
  expect(problem(429, null, "Fri, 31 Dec 2027 23:59:59 GMT").retryAfter).toBeNull();
  expect(problem(429, null).retryAfter).toBeNull();
});

test("a fault finds its input, also within a list or a body", () => {
  const faults = [
    { path: "domains.0", message: "must be a host name" },
    { path: "body.name", message: "must not be empty" },
  ];
  expect(faultOf(faults, "domains")).toBe("must be a host name");
  expect(faultOf(faults, "name")).toBe("must not be empty");
  expect(faultOf(faults, "email")).toBeUndefined();
});

test("a fault becomes a sentence about its input", () => {
  expect(faultSentence("must be a host name", "Domain (optional)")).toBe("Domain must be a host name.");
  expect(faultSentence("Use 10 characters or more.", "Password")).toBe("Use 10 characters or more.");
});
