import { expect, test } from "vitest";
import { lineOf, readObject } from "./json-text";

test("an object is read, and anything else is told apart", () => {
  expect(readObject('{"a": 1}')).toEqual({ value: { a: 1 } });
  expect(readObject(" ")).toMatchObject({ line: null });
  expect(readObject("[1]")).toMatchObject({ problem: expect.stringContaining("not an object") });
  expect(readObject("null")).toMatchObject({ problem: expect.stringContaining("not an object") });
  expect(readObject('{\n  "a": 1,\n}')).toEqual({ problem: "This is not JSON yet.", line: 3 });
  expect(readObject('{\n  "a": ')).toMatchObject({ line: 2 });
});

const schema = `{
  "type": "object",
  "required": ["plan"],
  "properties": {
    "plan": { "enum": ["free", "pro"] },
    "a.b": {
      "type": "strin\\"g",
      "items": [{}, {"minimum": -1.5e3,
        "x": [[1, "]"], {"y": {}}]}]
    },
    "last": {"const": 1}
  }
}`;

test("a path leads to the line where its value stands", () => {
  const lines = {
    type: 2,
    required: 3,
    "required.0": 3,
    "properties.plan.enum.1": 5,
    "properties.a.b.type": 7,
  };
  for (const [path, line] of Object.entries(lines))
    expect([path, lineOf(schema, path)]).toEqual([path, line]);
  expect(lineOf(schema, "properties.a.b.items.1.minimum")).toBe(8);
  expect(lineOf(schema, "properties.a.b.items.1.x.1.y")).toBe(9);
  expect(lineOf(schema, "properties.last.const")).toBe(11);
  expect(lineOf(schema, "")).toBe(1);
});

test("what is missing is shown at the nearest thing that is there, or nowhere", () => {
  expect(lineOf(schema, "properties.plan.nothing")).toBe(5);
  expect(lineOf(schema, "nothing.at.all")).toBeNull();
  expect(lineOf("{}", "a")).toBeNull();
  expect(lineOf('{"a": []}', "a.5")).toBe(1);
});
