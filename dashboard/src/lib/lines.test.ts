import { expect, test } from "vitest";
import { entriesOf, listFault } from "./lines";

test("each line that is not blank is an entry", () => {
  expect(entriesOf(" a.dev \n\n\tb.dev\r\n")).toEqual(["a.dev", "b.dev"]);
  expect(entriesOf(" \n")).toEqual([]);
});

test("a fault of the list names the line that the person sees", () => {
  const text = "a.dev\n\nb c\n\nd e";
  const faults = [
    { path: "domains.1", message: "is not a host name" },
    { path: "domains.2", message: "is not one either" },
    { path: "name", message: "is needed" },
  ];
  expect(listFault(faults, "domains", text)).toBe("Line 3: is not a host name; Line 5: is not one either");
  expect(listFault([{ path: "domains", message: "has too many" }], "domains", text)).toBe("has too many");
  expect(listFault(faults, "mask", text)).toBeUndefined();
});
