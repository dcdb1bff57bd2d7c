/** One dimension, one colour, everywhere: pointing at any trace of it, or focusing one, lights them all. */

export function lighting(root: HTMLElement): () => void {
  let lit: string | undefined;
  const show = (): void => {
    for (const node of root.querySelectorAll<HTMLElement>("[data-dim]"))
      node.classList.toggle("lit", node.dataset["dim"] === lit);
  };
  const choose = (event: Event): void => {
    const found = (event.target as Element).closest<HTMLElement>("[data-dim]")?.dataset["dim"];
    if (found === lit) return;
    lit = found;
    show();
  };
  root.addEventListener("pointerover", choose);
  root.addEventListener("focusin", choose);
  root.addEventListener("pointerleave", () => {
    lit = undefined;
    show();
  });
  return show;
}
