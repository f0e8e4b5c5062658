// Makes reports that no gallery shows out of one that it does, as `audit render` reads them.
//
//   node variants.mjs GALLERY FOLDER
//
// GALLERY holds <run>/report.json; each variant is written to FOLDER/<name>.json.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [gallery, folder] = process.argv.slice(2);
const run = (name) => JSON.parse(readFileSync(join(gallery, name, "report.json"), "utf8"));

/** Names that try to break out of a page, to turn the direction, or to run off it. */
const NAMES = [
  "<script>window.owned=1</script>",
  "</style></title></script><img src=x onerror=\"window.owned=1\">",
  "\" autofocus onfocus=\"window.owned=1\" x=\"",
  "javascript:window.owned=1",
  "\u202eevil\u2066 first line\nsecond line\r\nthird\u2028fourth",
  "&lt;b&gt; &#60;i&#62; {{ 7 * 7 }} {% raw %} ${7*7}",
  "משאבי אנוש שכר and 給与明細 Vergütung",
  "W".repeat(4000),
];

/** Replaces every text that people or tenants choose. */
function hostile(report) {
  let next = 0;
  const name = () => NAMES[next++ % NAMES.length];
  const chosen = new Set(["label", "because", "breaks", "saw", "probe", "rule", "text", "title", "publisher", "reason", "by"]);
  const walk = (node) => {
    for (const [key, value] of Object.entries(node ?? {})) {
      if (typeof value === "string" && chosen.has(key)) node[key] = name();
      else if (["path", "place"].includes(key) && Array.isArray(value)) node[key] = value.map(name);
      else if (typeof value === "object") walk(value);
    }
  };
  walk(report.policies);
  walk(report.access);
  report.policies[1].policy.title = "   ";
  report.policies[1].items[0].label = "";
  report.run.connection = NAMES[0];
  report.run.service_user = NAMES[1];
  return report;
}

/** A policy of three hundred lines. */
function large(report) {
  const [policy] = report.policies;
  const some = policy.items;
  policy.items = Array.from({ length: 300 }, (_, at) => ({ ...some[at % some.length], label: `${some[at % some.length].label}, line ${at}` }));
  for (const key of ["satisfied", "missing", "excess", "unverified", "waived", "attested", "optional_missing"]) {
    policy.summary[key] = policy.items.filter((item) => item.status.replace("-", "_") === key).length;
  }
  return report;
}

function two(report) {
  report.policies.push(...run("half-unknown").policies);
  return report;
}

function stopped(report) {
  report.run.stopped = "the API refused the credentials";
  report.tenant.people_visible = 0;
  report.exit_code = 1;
  return report;
}

function simulated(report) {
  report.run.simulated = true;
  report.notice = "SIMULATED: made up by the built-in simulator; no HiBob was asked";
  return report;
}

mkdirSync(folder, { recursive: true });
for (const [name, report] of Object.entries({
  hostile: hostile(two(run("gaps"))),
  large: large(run("gaps")),
  two: two(run("gaps")),
  stopped: stopped(run("gaps")),
  simulated: simulated(run("half-unknown")),
  empty: { ...run("satisfied"), policies: [], access: [], exit_code: 3 },
})) {
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(report));
}
