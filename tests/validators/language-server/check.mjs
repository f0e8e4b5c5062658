// Asks a stock language server for YAML what an editor would ask it, over standard input and output:
//
//     node check.mjs FOLDER POLICY…
//
// FOLDER holds `own.yaml`, as `audit policy show --source` wrote it, with the schema beside it.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const { createMessageConnection, StreamMessageReader, StreamMessageWriter } = require("vscode-jsonrpc/node");

const here = dirname(fileURLToPath(import.meta.url));
const [folder, ...policies] = process.argv.slice(2);
const program = join(here, "node_modules", "yaml-language-server", "bin", "yaml-language-server");
const server = spawn(process.execPath, [program, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const connection = createMessageConnection(
  new StreamMessageReader(server.stdout),
  new StreamMessageWriter(server.stdin),
);

const diagnostics = new Map();
connection.onNotification("textDocument/publishDiagnostics", (told) => {
  diagnostics.set(told.uri, told.diagnostics);
});
// No schema but the one that the first line of a file names.
const settings = { yaml: { schemaStore: { enable: false }, validate: true, completion: true, hover: true } };
connection.onRequest("workspace/configuration", ({ items }) =>
  items.map(({ section }) => settings[section] ?? {}),
);
connection.onRequest("client/registerCapability", () => null);
connection.onRequest(() => null);
connection.listen();

let wrong = 0;
const check = (holds, what, found) => {
  if (!holds) {
    wrong += 1;
    console.error(`error: ${what}\n${JSON.stringify(found, null, 1)?.slice(0, 2000)}`);
  }
};

await connection.sendRequest("initialize", {
  processId: process.pid,
  rootUri: null,
  capabilities: {
    textDocument: { completion: {}, hover: {}, publishDiagnostics: {} },
    workspace: { configuration: true },
  },
});
await connection.sendNotification("initialized", {});
await connection.sendNotification("workspace/didChangeConfiguration", { settings });

const open = (file, text) => {
  const uri = pathToFileURL(resolve(file)).href;
  diagnostics.delete(uri);
  connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "yaml", version: 1, text },
  });
  return uri;
};

// What is wrong with a file, once the server has said so.
const told = async (uri) => {
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (diagnostics.has(uri)) return diagnostics.get(uri);
    await new Promise((resume) => setTimeout(resume, 50));
  }
  throw new Error(`the server said nothing of ${uri}`);
};

// A text with `|` where the cursor is, and what the server answers there.
const at = async (file, marked, method) => {
  const before = marked.slice(0, marked.indexOf("|"));
  const uri = open(file, marked.replace("|", ""));
  await told(uri);
  const position = {
    line: before.split("\n").length - 1,
    character: before.length - (before.lastIndexOf("\n") + 1),
  };
  return connection.sendRequest(method, { textDocument: { uri }, position });
};
const labels = async (file, marked) => {
  const found = await at(file, marked, "textDocument/completion");
  return (found?.items ?? found ?? []).map((item) => item.label);
};

// Nothing is wrong with what ships, nor with what people are given.
for (const file of [...policies, join(folder, "own.yaml")]) {
  const found = await told(open(file, readFileSync(file, "utf8")));
  check(found.length === 0, `${file} has no mistake, and the server says it has`, found);
}

const own = readFileSync(join(folder, "own.yaml"), "utf8");
const header = own.slice(0, own.indexOf("\n") + 1);
check(header.startsWith("# yaml-language-server: $schema="), "a policy names its schema", header);
const head = `${header}policy: mine\nversion: 2026-11-21\nlist: open\n`;
const file = (name) => join(folder, `${name}.yaml`);

const keys = await labels(file("keys"), `${head}|`);
for (const key of ["requires", "needs", "population", "membership", "source", "forbidden"]) {
  check(keys.includes(key), `\`${key}\` is offered as a key of a policy`, keys);
}
check(!keys.includes("policy"), "a key that is there is not offered again", keys);

const inside = await labels(file("inside"), `${head}requires:\n  - permission: people/work/view\n    |`);
for (const key of ["label", "breaks", "when", "disputed"]) {
  check(inside.includes(key), `\`${key}\` is offered as a key of an item`, inside);
}

for (const [name, marked] of [
  ["id", `${head}requires:\n  - permission: |`],
  ["plain", `${head}requires:\n  - |`],
]) {
  const ids = await labels(file(name), marked);
  for (const id of ["people/payroll/view", "features/reports/view", "docs/shared/view"]) {
    check(ids.includes(id), `\`${id}\` is offered as the id of a box (${name})`, ids.slice(0, 40));
  }
}
const words = await labels(file("words"), `${head}population:\n  choose: |`);
check(words.includes("by-condition"), "the words of a key are offered", words);
const resources = await labels(file("resources"), `${head}needs:\n  - resource: |`);
check(resources.includes("time-off-requests"), "the resources are offered", resources);

const hover = await at(
  file("hover"),
  `${head}requires:\n  - permission: people/work/view\n    bre|aks: x\n`,
  "textDocument/hover",
);
const says = JSON.stringify(hover?.contents ?? "");
check(says.includes("What stops working without it."), "a key is explained where one points at it", hover);

const broken = `${head}requires:\n  - permision: people/work/view\nneeds:\n  - people/work/view\npopulation: {choose: someone}\n`;
const found = await told(open(file("broken"), broken));
const lines = [...new Set(found.map((it) => it.range.start.line + 1))].sort((one, other) => one - other);
check(JSON.stringify(lines) === "[6,8,9]", "each mistake is shown on its line", found);

console.log(`${policies.length + 1} policies without a mistake, ${keys.length} keys, ${wrong} wrong`);
await connection.sendRequest("shutdown");
connection.sendNotification("exit");
process.exit(wrong === 0 ? 0 : 1);
