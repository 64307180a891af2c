// Opens each report in headless Chromium as a reader would, in light and dark, without scripts and on paper, and fails on
// anything that a reader would miss: a chart that did not draw, an error, a request, a serious barrier, a slow page.
//
//   node check.mjs PICTURES report.html...
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
const [pictures, ...files] = process.argv.slice(2);
if (!pictures || files.length === 0) throw new Error("usage: node check.mjs PICTURES report.html...");
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

    // Page policy keeps scripts of others out; the tester is let in beside it.
    const source = `${axe}; axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => JSON.stringify(violations))`;
    const { result } = await session.send("Runtime.evaluate", { expression: source, awaitPromise: true, returnByValue: true });
    for (const { id, impact, nodes } of JSON.parse(result.value)) {
      if (["serious", "critical"].includes(impact)) {
        fail(file, `${colorScheme}: ${impact}: ${id}: ${nodes.slice(0, 3).map(({ target }) => target).join(" ")}`);
      }
    }

    const button = page.locator("figure button").first();
    await button.click();
    await button.filter({ hasText: "Copied" }).waitFor({ timeout: 10_000 }).catch(() => fail(file, "a copy button copies nothing"));
    await page.locator("figure summary").first().press("Enter");
    if (!(await page.locator("figure details").first().evaluate((table) => table.open))) fail(file, "a table does not open by keyboard");

    const name = basename(file, ".html");
    await page.screenshot({ path: `${pictures}/${name}-${colorScheme}.png`, fullPage: true });
    if (colorScheme === "light") {
      const paper = await page.pdf({ path: `${pictures}/${name}.pdf`, format: "A4" });
      const pages = paper.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      if (pages < 2) fail(file, `prints on ${pages} pages`);
      console.log(`${name}: ${bytes} bytes, ${charts.length} charts, opens ${opened.toFixed(2)} s, drawn ${total.toFixed(2)} s, ${pages} pages`);
    }
    await context.close();
  }

  const { context, page } = await open(file, { javaScriptEnabled: false });
  const tables = await page.locator("figure table").count();
  if (tables < 3 || !(await page.locator("figure table").first().isVisible())) fail(file, "shows no tables without scripts");
  await context.close();
}
await browser.close();
for (const failure of failures) console.error(failure);
process.exit(failures.length === 0 ? 0 : 1);
