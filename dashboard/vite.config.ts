import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.PULSEBOARD_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/app/",
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "../src/pulseboard/web/static",
    emptyOutDir: true,
    // A data: address in a stylesheet or a script would need a wider content security policy.
    assetsInlineLimit: 0,
    // The module preload polyfill is an inline script in disguise for old browsers; those are not supported.
    modulePreload: { polyfill: false },
    // ECharts is one lazy chunk and is expected to be larger than the rest.
    chunkSizeWarningLimit: 600,
  },
  server: {
    proxy: { "/api": { target: server, ws: true }, "/ingest": server, "/live": { target: server, ws: true } },
  },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
