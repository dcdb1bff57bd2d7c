/** Says things to a screen reader: politely, not more than twice a second, and the latest wins. */

const PAUSE = 500;

export function announcer(root: HTMLElement): (text: string) => void {
  const live = document.createElement("div");
  live.className = "sr-live";
  live.ariaLive = "polite";
  // Beside the page, which is drawn anew for every frame.
  root.after(live);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let said = "";
  return (text) => {
    if (text === said) return;
    said = text;
    clearTimeout(timer);
    timer = setTimeout(() => {
      live.textContent = text;
    }, PAUSE);
  };
}
