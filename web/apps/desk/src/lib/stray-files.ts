/**
 * A file that is let go where nothing takes files would replace the desk, with all that is being written, by the file:
 * browsers open it. Fields that choose files, and parts that take them, are left alone.
 */
export function refuseStrayFiles(target: EventTarget): void {
  target.addEventListener("dragover", refuse);
  target.addEventListener("drop", refuse);
}

function refuse(event: Event): void {
  const { dataTransfer } = event as DragEvent;
  if (event.defaultPrevented || !dataTransfer?.types.includes("Files")) return;
  if (event.target instanceof HTMLInputElement && event.target.type === "file") return;
  event.preventDefault();
  dataTransfer.dropEffect = "none"; // the pointer says so
}
