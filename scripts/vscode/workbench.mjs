// Drives VS Code's window as a person would: types, points, reads what appears. Knows the window's markup, and nothing
// of Shapesight but the frame that its page lies in.

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {import("playwright-core").Frame} Frame */

/** Waits until the editor shows a line that contains `text`. @param {Page} page @param {string} text */
export async function showsLine(page, text) {
  await page.locator(".view-line", { hasText: text }).first().waitFor();
}

/**
 * The middle of `word` on the first line that contains `line`, in pixels of the window. A word that is no part of
 * `line` is looked for in the whole line of the editor, hints included.
 * @param {Page} page @param {string} line @param {string} word
 */
export async function placeOf(page, line, word) {
  const place = await page.evaluate(
    ({ line, word }) => {
      for (const row of document.querySelectorAll(".view-line")) {
        // The editor writes its spaces as no-break spaces.
        const text = (row.textContent ?? "").replaceAll("\u00a0", " ");
        const start = text.indexOf(line);
        if (start < 0) continue;
        const within = line.indexOf(word);
        const from = within >= 0 ? start + within : text.indexOf(word);
        const range = document.createRange();
        const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
        let seen = 0;
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const length = node.textContent?.length ?? 0;
          if (from >= seen && from < seen + length) range.setStart(node, from - seen);
          const end = from + word.length;
          if (end > seen && end <= seen + length) range.setEnd(node, end - seen);
          seen += length;
        }
        const box = range.getBoundingClientRect();
        return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      }
      return null;
    },
    { line, word },
  );
  if (place === null) throw new Error(`no line of the editor contains \`${line}\``);
  return place;
}

/** Puts the cursor at the end of the document. @param {Page} page */
export async function toEnd(page) {
  await page.locator(".view-line").first().click();
  await page.keyboard.press("Control+End");
}

/**
 * Rests the pointer on a word until a hover that contains `expected` is up, and returns the hover's text.
 * @param {Page} page @param {string} line @param {string} word @param {string} expected
 */
export async function hover(page, line, word, expected) {
  const shown = page.locator(".monaco-hover:not(.hidden)", { hasText: expected }).first();
  for (let attempt = 0; attempt < 40; attempt++) {
    const place = await placeOf(page, line, word).catch(() => undefined);
    if (place === undefined) {
      await page.waitForTimeout(500);
      continue;
    }
    const { x, y } = place;
    await page.mouse.move(x + 40, y + 160);
    await page.waitForTimeout(150);
    await page.mouse.move(x, y, { steps: 4 });
    const up = await shown.waitFor({ state: "visible", timeout: 1500 }).then(
      () => true,
      () => false,
    );
    // The editor's own spaces are no-break spaces.
    if (up) return (await shown.innerText()).replaceAll("\u00a0", " ");
  }
  const other = await page.locator(".monaco-hover:not(.hidden)").allInnerTexts();
  throw new Error(`no hover on \`${word}\` said \`${expected}\`; up were: ${JSON.stringify(other)}`);
}

/** Puts the pointer where nothing has a hover, and waits for the last one to go. @param {Page} page */
export async function leave(page) {
  await page.keyboard.press("Escape");
  await page.mouse.move(640, (page.viewportSize()?.height ?? 800) - 5);
  await page
    .locator(".monaco-hover:not(.hidden)")
    .first()
    .waitFor({ state: "hidden", timeout: 5000 })
    .catch(() => undefined);
}

/**
 * Runs a command by its title in the palette, which is asked again until the extension that brings it is there.
 * @param {Page} page @param {string} title
 */
export async function command(page, title) {
  await pick(page, `>${title}`, title);
}

/** @param {Page} page @param {string} query @param {string} choice */
async function pick(page, query, choice) {
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: choice }).first();
  for (let attempt = 0; attempt < 12; attempt++) {
    await page.keyboard.press("F1");
    const input = page.locator(".quick-input-widget .quick-input-box input").first();
    await input.waitFor();
    await input.fill(query);
    const offered = await row.waitFor({ timeout: 5000 }).then(
      () => true,
      () => false,
    );
    if (offered) return row.click();
    await page.keyboard.press("Escape");
  }
  throw new Error(`the palette does not offer ${choice}`);
}

/** Opens a file of the workspace by its name. @param {Page} page @param {string} name */
export async function openFile(page, name) {
  await pick(page, name, name);
  await page.locator(".tab.active", { hasText: name }).first().waitFor();
}

/**
 * Replaces a word in the open editor by typing, as a user does.
 * @param {Page} page @param {string} line @param {string} word @param {string} text
 */
export async function retype(page, line, word, text) {
  const { x, y } = await placeOf(page, line, word);
  await leave(page);
  await page.mouse.click(x, y);
  const offset = await wordOffset(page, line, word);
  await page.keyboard.press("Home");
  for (let step = 0; step < offset; step++) await page.keyboard.press("ArrowRight");
  for (let step = 0; step < word.length; step++) await page.keyboard.press("Shift+ArrowRight");
  if (text === "") await page.keyboard.press("Delete");
  else await page.keyboard.insertText(text);
}

/** Characters from the line's first one to the word. @param {Page} page @param {string} line @param {string} word */
function wordOffset(page, line, word) {
  return page.evaluate(
    ({ line, word }) => {
      for (const row of document.querySelectorAll(".view-line")) {
        // An inlay hint is part of the row's text, and no part of the document.
        const own = [...row.querySelectorAll("span > span")].filter((span) => !/dyn-rule|inlay/i.test(span.className));
        const text = own
          .map((span) => span.textContent ?? "")
          .join("")
          .replaceAll("\u00a0", " ");
        const start = text.indexOf(line);
        if (start >= 0) return start + line.indexOf(word) - (text.length - text.trimStart().length);
      }
      return 0;
    },
    { line, word },
  );
}

/**
 * The frame of a webview's own document, which lies two frames below the window, once it holds `selector`.
 * @param {Page} page @param {string} selector @param {number} [patience]
 * @returns {Promise<Frame>}
 */
export async function webview(page, selector, patience = 60_000) {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    for (const frame of page.frames()) {
      const found = await frame
        .locator(selector)
        .first()
        .isVisible()
        .catch(() => false);
      if (found) return frame;
    }
    await page.waitForTimeout(200);
  }
  throw new Error(`no webview showed ${selector} within ${patience / 1000} s`);
}
