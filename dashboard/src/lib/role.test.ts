import { expect, test } from "vitest";
import type { Me } from "@/api/types";
import { may, type Role } from "./role";

const org = (id: string, role: string) => ({ id, role, name: id });
const me = { orgs: [org("a", "viewer"), org("b", "member"), org("c", "owner")] } as unknown as Me;
const roles: Role[] = ["viewer", "member", "admin", "owner"];

test("a role allows what is asked of it and of those below", () => {
  expect(roles.map((role) => may(me, "a", role))).toEqual([true, false, false, false]);
  expect(roles.map((role) => may(me, "b", role))).toEqual([true, true, false, false]);
  expect(roles.map((role) => may(me, "c", role))).toEqual([true, true, true, true]);
});

test("a stranger, or a role of a later version, may nothing", () => {
  expect(roles.some((role) => may(me, "z", role))).toBe(false);
  expect(may({ orgs: [org("a", "toString")] } as unknown as Me, "a", "viewer")).toBe(false);
});
