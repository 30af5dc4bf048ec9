// Drives Firefox as a test tells it, one JSON line in and one out: ["click", "main button"] -> {"value": null} or {"wrong": "…"}.
const { createInterface } = require("readline");
const puppeteer = require("puppeteer-core");

const [executablePath, folder] = process.argv.slice(2);
const PATIENCE = 20_000;
let browser, context, page;
const mistakes = [];

const known = {
  async version() {
    return browser.version();
  },
  // A tab of a profile of its own. What goes wrong in its console is kept until it is asked for.
  async arrive(width, height) {
    await context?.close();
    context = await browser.createBrowserContext();
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.setViewport({ width, height });
    page.on("console", (said) => said.type() === "error" && mistakes.push(said.text()));
    page.on("pageerror", (error) => mistakes.push(String(error)));
  },
  mistakes: async () => mistakes.splice(0),
  open: async (url) => void (await page.goto(url)),
  url: async () => page.url(),
  click: async (selector) => void (await page.locator(selector).click()),
  // Whatever of the page's main part can be pressed and says this: a button, a link, the label of a box.
  press: async (words) => {
    const says = (wanted) => [...document.querySelectorAll("main :is(a, button, label, summary)")].find(
      (one) => one.checkVisibility() && one.textContent.replace(/\s+/g, " ").trim().startsWith(wanted),
    );
    const found = await page.waitForFunction(says, {}, words);
    await found.asElement().click();
  },
  fill: async (selector, text) => void (await page.locator(selector).fill(text)),
  type: async (text) => void (await page.keyboard.type(text, { delay: 30 })),
  key: async (key) => void (await page.keyboard.press(key)),
  choose: async (selector, text) => {
    const value = await page.$eval(
      selector, (box, wanted) => [...box.options].find((one) => one.text.startsWith(wanted)).value, text,
    );
    await page.select(selector, value);
  },
  upload: async (selector, path) => void (await (await page.waitForSelector(selector)).uploadFile(path)),
  // Waits until an element holds the text, and gives all that it says.
  see: async (selector, text) => {
    const holds = (where, wanted) => {
      const said = document.querySelector(where)?.textContent.replace(/\s+/g, " ") ?? "";
      return said.includes(wanted) && said;
    };
    return (await page.waitForFunction(holds, {}, selector, text)).jsonValue();
  },
  ask: async (expression) => page.evaluate(expression),
  picture: async (path) => void (await page.screenshot({ path, fullPage: true })),
};

(async () => {
  browser = await puppeteer.launch({
    browser: "firefox", executablePath, headless: true,
    extraPrefsFirefox: {
      "browser.download.dir": folder, "browser.download.folderList": 2, "browser.download.useDownloadDir": true,
      "browser.download.always_ask_before_handling_new_types": false, "intl.accept_languages": "en-US", "pdfjs.disabled": true,
    },
  });
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...told] = JSON.parse(line);
    const answer = await known[name](...told).then((value) => ({ value: value ?? null }), (error) => ({ wrong: String(error) }));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  await browser.close();
})();
