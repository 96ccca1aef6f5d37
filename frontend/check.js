// Fails the build when the output holds what Chrome 109 or the iOS 14 WebView cannot read.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FORBIDDEN = [
  [/\bokl(ch|ab)\(/, "oklch()/oklab()"],
  [/@property\b/, "@property"],
  [/\bcolor-mix\(/, "color-mix()"],
  [/@layer\b/, "@layer"],
  [/@container\b/, "@container"],
  [/\b\d+[dsl]v[hw]\b/, "dvh/svh/lvh units"],
  [/url\(["']?https?:/, "an address outside this site"],
];

/** Says whether a rule stands inside another rule; at-rules such as @media may hold rules. */
export function nests(css) {
  const open = [];
  let prelude = "";
  for (const letter of css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/"[^"]*"|'[^']*'/g, "")) {
    if (letter === "{") {
      const isGroup = /^@(media|supports|(-webkit-)?keyframes)/.test(prelude.trim());
      if (open.includes("rule")) return true;
      open.push(isGroup ? "group" : "rule");
      prelude = "";
    } else if (letter === "}") {
      open.pop();
      prelude = "";
    } else prelude = letter === ";" ? "" : prelude + letter;
  }
  return false;
}

export function complaints(css) {
  const found = FORBIDDEN.filter(([pattern]) => pattern.test(css)).map(([, name]) => name);
  return nests(css) ? [...found, "nested rules"] : found;
}

const PLANTED = "@property --x{} a{color:oklch(1 0 0);b{color:color-mix(in srgb,red,blue)}}";

function main(folder) {
  if (complaints(PLANTED).length !== 4) throw new Error("check.js no longer sees what it must refuse");
  const sheets = readdirSync(folder).filter((name) => name.endsWith(".css"));
  const bad = sheets.flatMap((name) =>
    complaints(readFileSync(join(folder, name), "utf8")).map((what) => `${name}: ${what}`),
  );
  if (!sheets.length) bad.push("no stylesheet was built");
  bad.forEach((line) => console.error(`✗ ${line} — Chrome 109 / iOS 14 不支持`));
  if (bad.length) process.exit(1);
  console.log(`✓ ${sheets.length} stylesheets run on Chrome 109 and iOS 14`);
}

main(join(import.meta.dirname, "dist", "assets"));
