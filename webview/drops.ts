/** Files dropped on the page: each goes to the operand that it is dropped on, or to the first. */

/** Calls back with the operand, whose rows and pictures carry `data-operand`. */
export function dropsOn(root: HTMLElement, dropped: (operand: number, file: File) => void): void {
  let over: Element | undefined;
  const light = (target: Element | undefined): void => {
    if (over === target) return;
    over?.classList.remove("dropping");
    over = target;
    over?.classList.add("dropping");
  };
  root.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files") !== true) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    light(operandAt(event) ?? root);
  });
  root.addEventListener("dragleave", (event) => {
    if (!root.contains(event.relatedTarget as Node | null)) light(undefined);
  });
  root.addEventListener("drop", (event) => {
    light(undefined);
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    event.preventDefault();
    dropped(Number(operandAt(event)?.dataset["operand"] ?? 0), file);
  });
}

const operandAt = (event: DragEvent): HTMLElement | undefined =>
  (event.target as Element).closest<HTMLElement>("[data-operand]") ?? undefined;
