import { defineConfig } from "vite";

const ENTRIES = ["staff.js", "patient.js", "public.js", "staff.css", "patient.css", "public.css"];

export default defineConfig({
  base: "./",
  root: import.meta.dirname,
  build: {
    // Windows 7 stops at Chrome 109, and old phones' WeChat at the iOS 14 WebView.
    target: ["chrome109", "ios14", "safari14"],
    cssTarget: ["chrome109", "ios14", "safari14"],
    outDir: "dist",
    manifest: "manifest.json",
    modulePreload: false,
    chunkSizeWarningLimit: 700,
    rollupOptions: { input: ENTRIES.map((name) => `src/${name}`) },
  },
});
