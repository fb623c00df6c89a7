import type { Environment } from "@/api/types";

export const environments = [
  { value: "prod", label: "Production" },
  { value: "staging", label: "Staging" },
  { value: "dev", label: "Development" },
] as const satisfies readonly { value: Environment; label: string }[];
