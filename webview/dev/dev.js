// The development page's own script: a theme switch, and the classes that VS Code puts on the body of a webview.
// `?theme=hc-light` chooses one, `?bare` hides the switch.

/** @type {Readonly<Record<string, string>>} */
const KINDS = {
  light: "vscode-light",
  dark: "vscode-dark",
  "hc-dark": "vscode-high-contrast",
  "hc-light": "vscode-high-contrast vscode-high-contrast-light",
};

/** @param {string} theme */
function show(theme) {
  document.body.dataset["theme"] = theme;
  document.body.className = KINDS[theme] ?? "";
}

const query = new URLSearchParams(location.search);
const wanted = query.get("theme") ?? "dark";
show(wanted in KINDS ? wanted : "dark");

if (!query.has("bare")) {
  const select = document.createElement("select");
  select.ariaLabel = "Theme";
  for (const name of Object.keys(KINDS)) select.add(new Option(name, name, false, name === wanted));
  select.addEventListener("change", () => show(select.value));
  document.body.prepend(select);
}
