// Opens each report in headless Chromium as a reader would, in light and dark, without scripts and on paper, and fails on
// anything that a reader would miss: a chart that did not draw, an error, a request, a serious barrier, a slow page. The same
// for pages without charts, such as transcripts and role sheets, which come after `--`.
//
//   node check.mjs PICTURES report.html... [-- page.html...]
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

// A page opens in two seconds: of processor time of its main thread up to the load event, so that a busy machine does not
// decide. Drawing every chart of the longest report may take three more, during which the page can be read and scrolled.
const OPEN_SECONDS = 2;
const DRAW_SECONDS = 5;
const MOST_BYTES = 3_000_000;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [pictures, ...named] = process.argv.slice(2);
const dashes = named.indexOf("--");
const [files, pages] = dashes < 0 ? [named, []] : [named.slice(0, dashes), named.slice(dashes + 1)];
if (!pictures || files.length + pages.length === 0) throw new Error("usage: node check.mjs PICTURES report.html... [-- page.html...]");
mkdirSync(pictures, { recursive: true });

const failures = [];
const fail = (file, what) => failures.push(`${basename(file)}: ${what}`);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});

// Seconds of processor time that the main thread of the page has used.
const used = async (session) => {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration").value;
};

const open = async (file, options) => {
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(resolve(file)).href;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) fail(file, `console ${message.type()}: ${message.text().slice(0, 300)}`);
  });
  page.on("pageerror", (error) => fail(file, `error: ${error}`));
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) fail(file, `asks for ${request.url().slice(0, 200)}`);
  });
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.goto(url, { waitUntil: "load" });
  return { context, page, opened: await used(session), session };
};

// What axe-core finds serious. The policy of a page keeps scripts of others out; the tester is let in beside it.
const barriers = async (file, session, colorScheme) => {
  const source = `${axe}; axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(violations))`;
  const { result } = await session.send("Runtime.evaluate", { expression: source, awaitPromise: true, returnByValue: true });
  for (const { id, impact, nodes } of JSON.parse(result.value)) {
    if (["serious", "critical"].includes(impact)) {
      fail(file, `${colorScheme}: ${impact}: ${id}: ${nodes.slice(0, 3).map(({ target }) => target).join(" ")}`);
    }
  }
};

// Pages of the document as printed.
const print = async (file, page) => {
  const paper = await page.pdf({ path: `${pictures}/${basename(file, ".html")}.pdf`, format: "A4" });
  return paper.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
};

const drawn = (page) =>
  page.waitForFunction(() => document.documentElement.dataset.drawn === "all", null, { timeout: 90_000 });

for (const file of files) {
  const bytes = statSync(file).size;
  if (bytes > MOST_BYTES) fail(file, `${bytes} bytes are more than ${MOST_BYTES}`);
  for (const colorScheme of ["light", "dark"]) {
    const { context, page, opened, session } = await open(file, { colorScheme });
    await drawn(page);
    const total = await used(session);
    if (opened > OPEN_SECONDS) fail(file, `opens after ${opened.toFixed(2)} seconds of work`);
    if (total > DRAW_SECONDS) fail(file, `is drawn after ${total.toFixed(2)} seconds of work`);

    const charts = await page.$$eval("[data-chart]", (places) =>
      places.map((place) => {
        const svg = place.querySelector("svg");
        const marks = [...place.querySelectorAll("svg path, svg text, svg line, svg rect")];
        const seen = marks.filter((mark) => {
          const box = mark.getBoundingClientRect();
          return (box.width > 0 || box.height > 0) && mark.getAttribute("d") !== "";
        });
        const box = svg ? svg.getBoundingClientRect() : { width: 0, height: 0 };
        return { id: place.id, marks: seen.length, width: box.width, height: box.height, wide: document.documentElement.scrollWidth };
      }),
    );
    if (charts.length < 3) fail(file, `has ${charts.length} charts`);
    for (const { id, marks, width, height, wide } of charts) {
      if (width < 200 || height < 30 || marks < 8) fail(file, `${id} is empty: ${marks} marks on ${width} by ${height}`);
      if (wide > 1100) fail(file, `is wider than its window by ${wide - 1100}`);
    }

    await barriers(file, session, colorScheme);

    const button = page.locator("figure button").first();
    await button.click();
    await button.filter({ hasText: "Copied" }).waitFor({ timeout: 10_000 }).catch(() => fail(file, "a copy button copies nothing"));
    await page.locator("figure summary").first().press("Enter");
    if (!(await page.locator("figure details").first().evaluate((table) => table.open))) fail(file, "a table does not open by keyboard");

    const name = basename(file, ".html");
    await page.screenshot({ path: `${pictures}/${name}-${colorScheme}.png`, fullPage: true });
    if (colorScheme === "light") {
      const sheets = await print(file, page);
      if (sheets < 2) fail(file, `prints on ${sheets} pages`);
      console.log(`${name}: ${bytes} bytes, ${charts.length} charts, opens ${opened.toFixed(2)} s, drawn ${total.toFixed(2)} s, ${sheets} pages`);
    }
    await context.close();
  }

  const { context, page } = await open(file, { javaScriptEnabled: false });
  const tables = await page.locator("figure table").count();
  if (tables < 3 || !(await page.locator("figure table").first().isVisible())) fail(file, "shows no tables without scripts");
  await context.close();
}

for (const file of pages) {
  const bytes = statSync(file).size;
  if (bytes > MOST_BYTES) fail(file, `${bytes} bytes are more than ${MOST_BYTES}`);
  for (const colorScheme of ["light", "dark"]) {
    const { context, page, opened, session } = await open(file, { colorScheme });
    if (opened > OPEN_SECONDS) fail(file, `opens after ${opened.toFixed(2)} seconds of work`);
    const { wide, words, headings } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      words: document.body.innerText.split(/\s+/).length,
      headings: [...document.querySelectorAll("h1, h2, h3")].map((heading) => Number(heading.tagName[1])),
    }));
    if (words < 200) fail(file, `has ${words} words`);
    if (wide > 1100) fail(file, `is wider than its window by ${wide - 1100}`);
    const skipped = headings.find((level, at) => level > (headings[at - 1] ?? 0) + 1);
    if (headings.filter((level) => level === 1).length !== 1 || skipped) fail(file, `headings go ${headings.slice(0, 9).join(" ")}`);
    // A mark that leads nowhere is worse than none.
    const lost = await page.$$eval('a[href^="#"]', (links) =>
      links.filter((link) => !document.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)))).length,
    );
    if (lost > 0) fail(file, `${lost} links lead nowhere`);
    await barriers(file, session, colorScheme);
    await page.screenshot({ path: `${pictures}/${basename(file, ".html")}-${colorScheme}.png`, fullPage: true });
    if (colorScheme === "light") {
      const sheets = await print(file, page);
      if (sheets < 1) fail(file, "does not print");
      console.log(`${basename(file, ".html")}: ${bytes} bytes, ${words} words, opens ${opened.toFixed(2)} s, ${sheets} pages`);
    }
    await context.close();
  }
}
await browser.close();
for (const failure of failures) console.error(failure);
process.exit(failures.length === 0 ? 0 : 1);
