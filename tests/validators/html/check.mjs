// Holds HTML reports against other people's readers, and against a real browser.
//
//   node check.mjs CHROMIUM FILE...
//
// Prints what is wrong, one line each, and ends with 1 if anything is.

import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { HtmlValidate } from "html-validate";
import puppeteer from "puppeteer-core";

const [chromium, ...files] = process.argv.slice(2);
const validator = new HtmlValidate({
  extends: ["html-validate:standard", "html-validate:a11y"],
  // A title holds the service user and the address, however long they are.
  rules: { "long-title": "off" },
});
let wrong = 0;
const say = (file, what) => {
  wrong += 1;
  console.log(`${basename(file)}: ${what}`);
};

async function markup(file) {
  const report = await validator.validateString(readFileSync(file, "utf8"));
  for (const { messages } of report.results) {
    for (const { line, column, ruleId, message } of messages) say(file, `${line}:${column} ${ruleId}: ${message}`);
  }
}

/** Opens a page, and tells of whatever it asks for, runs or complains of that it should not. */
async function open(browser, file, { width = 1280, scheme = "light", scripts = true } = {}) {
  const page = await browser.newPage();
  const url = pathToFileURL(resolve(file)).href;
  page.on("request", (request) => request.url().split("#")[0] !== url && say(file, `asks for ${request.url()}`));
  page.on("console", (message) => say(file, `console: ${message.text()}`));
  page.on("pageerror", (error) => say(file, `error: ${error.message}`));
  page.on("dialog", (dialog) => { say(file, "a name was run"); dialog.dismiss(); });
  await page.setJavaScriptEnabled(scripts);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setViewport({ width, height: 900 });
  await page.goto(url);
  if (scripts && await page.evaluate(() => "owned" in window)) say(file, "a name was run");
  return page;
}

/** Everything is there, fits and can be read, in each width and light. */
async function looks(browser, file) {
  for (const [width, scheme] of [[1280, "light"], [400, "dark"]]) {
    const page = await open(browser, file, { width, scheme });
    const widest = await page.evaluate(() => document.documentElement.scrollWidth);
    if (widest > width) say(file, `is ${widest} wide on a screen of ${width}`);
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => window.axe.run());
    for (const { id, help, nodes } of violations) {
      say(file, `axe, ${width} ${scheme}: ${id}: ${help} (${nodes.length}, first ${nodes[0].html.slice(0, 120)})`);
    }
    await page.close();
  }
}

/** Without scripts nothing is missing but the filters, and paper shows what a screen folds up. */
async function bare(browser, file) {
  const page = await open(browser, file, { scripts: false });
  await page.emulateMediaType("print");
  const [tools, folded] = await page.evaluate(() => {
    const tools = document.querySelector(".tools");
    const folds = [...document.querySelectorAll("details > :not(summary)")];
    return [!!tools && getComputedStyle(tools).display !== "none", folds.filter((fold) => !fold.checkVisibility({ contentVisibilityAuto: true })).length];
  });
  if (tools) say(file, "shows filters that do nothing");
  if (folded) say(file, `${folded} folds stay folded in print`);
  const pdf = await page.pdf({ format: "A4", preferCSSPageSize: true });
  if (pdf.length < 10_000) say(file, "prints to nothing");
  await page.close();
}

/** The keyboard alone reaches and does everything. */
async function keys(browser, file) {
  const page = await open(browser, file);
  const at = () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName);
  const shown = () => page.evaluate(() => document.querySelectorAll(".item:not([hidden])").length);
  const expect = (what, is, wanted) => is !== wanted && say(file, `${what}: ${is}, not ${wanted}`);
  await page.keyboard.press("Tab");
  expect("the first stop", await at(), "skip");
  await page.keyboard.press("Enter");
  expect("the skip link leads", await at(), "report");
  const all = await shown();
  await page.keyboard.press("/");
  expect("a slash leads", await at(), "find");
  await page.keyboard.type("no such words");
  expect("items found", await shown(), 0);
  await page.keyboard.press("Escape");
  expect("items after Escape", await shown(), all);
  const [item, label] = await page.evaluate(() => {
    const item = document.querySelector("#p1-i1");
    return [item.querySelector("details").open, item.querySelector("b").textContent];
  });
  await page.keyboard.type(label);
  expect("an item is found by its name", await page.evaluate(() => document.querySelector("#p1-i1").hidden), false);
  await page.evaluate(() => document.querySelector("#p1-i1 summary").focus());
  await page.keyboard.press("Enter");
  expect("Enter unfolds", await page.evaluate(() => document.querySelector("#p1-i1 details").open), !item);
  await page.keyboard.press("/");
  await page.keyboard.type("no such words");
  await page.evaluate(() => { location.hash = "#p1-i1"; });
  await page.waitForFunction(() => document.activeElement.tagName === "SUMMARY");
  expect("what is linked to is shown", await shown(), all);
  await page.close();
}

const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
const waiting = [...files];
async function read() {
  for (let file = waiting.shift(); file; file = waiting.shift()) {
    await markup(file);
    await looks(browser, file);
    await bare(browser, file);
    // A report of nothing has nothing to find.
    if (!basename(file).startsWith("empty")) await keys(browser, file);
  }
}
await Promise.all([read(), read()]);
await browser.close();
console.log(`${files.length} pages read, ${wrong} problems`);
process.exit(wrong || !files.length ? 1 : 0);
